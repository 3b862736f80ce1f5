package io.logfold.command.ingest;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.logfold.api.ingest.RequestId;
import io.logfold.command.web.Refusal;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Which body an {@code Idempotency-Key} came with, to notice when it comes with another. A help for
 * senders with a bug, on this node and for a while; counting once is the read side's business and
 * does not rest on it. Thread-safe.
 */
@Component
class KeyMemory {

  private static final Hasher64 HASHER = Hashing.wyhashFinal4();

  private final Cache<String, String> bodies;

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
   * @return a hash of the body and the source, 16 hexadecimal digits, or null for a request without
   *     a key
   * @throws Refusal when the same key came with another body or source
   */
  @Nullable String remember(RequestId request, byte[] body, String source) {
    if (!request.isKeyed()) {
      return null;
    }
    String hash = hash(body, source);
    String first = bodies.get(request.value(), key -> hash);
    if (!hash.equals(first)) {
      throw new Refusal(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "key-reused",
          "This Idempotency-Key was used for another body; use a new key for a new request.");
    }
    return hash;
  }

  /** Tells two bodies of one sender apart; it need not withstand one who looks for a collision. */
  private static String hash(byte[] body, String source) {
    return HexFormat.of()
        .toHexDigits(HASHER.hashBytesToLong(body) ^ HASHER.hashCharsToLong(source));
  }
}
