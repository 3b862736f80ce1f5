package io.logfold.command.ingest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.logfold.api.ingest.RequestId;
import io.logfold.command.web.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Which body an {@code Idempotency-Key} came with, to notice when it comes with another. A help for
 * senders with a bug, on this node and for a while; counting once is the read side's business and
 * does not rest on it. Thread-safe.
 */
@Component
class KeyMemory {

  private final Cache<String, Digest> bodies;

  KeyMemory(IngestProperties limits) {
    this.bodies =
        Caffeine.newBuilder()
            .expireAfterWrite(limits.keyMemory())
            .maximumSize(limits.maxKeys())
            .build();
  }

  /**
   * Remembers the request, which may be a repeat.
   *
   * @throws Refusal when the same key came with another body or source
   */
  void remember(RequestId request, byte[] body, String source) {
    if (!request.isKeyed()) {
      return;
    }
    Digest digest = Digest.of(body, source);
    Digest first = bodies.get(request.value(), key -> digest);
    if (!digest.equals(first)) {
      throw new Refusal(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "key-reused",
          "This Idempotency-Key was used for another body; use a new key for a new request.");
    }
  }

  /** The first half of a SHA-256: enough to tell two bodies of one sender apart. */
  private record Digest(long high, long low) {

    static Digest of(byte[] body, String source) {
      try {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(source.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0);
        ByteBuffer hash = ByteBuffer.wrap(sha.digest(body));
        return new Digest(hash.getLong(), hash.getLong());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
  }
}
