package io.logfold.command.ingest;

import io.logfold.command.web.Refusal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** How many requests, and how many of their bytes, are worked on at once. Thread-safe. */
@Component
class Admission {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final int maxRequests;
  private final long maxBytes;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Admission(IngestProperties limits) {
    this.maxRequests = limits.maxRequestsInFlight();
    this.maxBytes = limits.maxBytesInFlight().toBytes();
  }

  /** Room for one request, held until closed. */
  Place enter() {
    if (requests.incrementAndGet() > maxRequests) {
      requests.decrementAndGet();
      throw busy("%d requests are in flight already.".formatted(maxRequests));
    }
    return new Place();
  }

  private static Refusal busy(String sentence) {
    return Refusal.later(HttpStatus.TOO_MANY_REQUESTS, "too-busy", sentence, RETRY_AFTER);
  }

  /** One request's room; used by the request's own thread only. */
  final class Place implements AutoCloseable {

    private long held;

    /** Asks for more bytes. */
    void grow(int more) {
      held += more;
      if (bytes.addAndGet(more) > maxBytes) {
        throw busy("%d bytes are in flight already.".formatted(maxBytes));
      }
    }

    @Override
    public void close() {
      bytes.addAndGet(-held);
      requests.decrementAndGet();
    }
  }
}
