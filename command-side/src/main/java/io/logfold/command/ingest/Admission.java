package io.logfold.command.ingest;

import io.logfold.command.web.Refusal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * How many requests are worked on at once, and how much memory they may take, by a generous
 * estimate: what is admitted fits the heap, whatever it holds. Thread-safe.
 */
@Component
class Admission {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** The body, and the texts of its logs with two bytes a character. */
  private static final int BYTES_PER_BODY_BYTE = 3;

  /** A log, its event and its message's identifier, or a rejected line, less the texts. */
  private static final int BYTES_PER_LINE = 1_024;

  /** Half of what a heap of 256 MB leaves beside the application and the producer's buffer. */
  private static final double SHARE_OF_HEAP = 0.4;

  private static final long MOST_BYTES = 512L * 1024 * 1024;

  private final int maxRequests;
  private final long maxBytes;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Admission(IngestProperties limits) {
    this.maxRequests = limits.maxRequestsInFlight();
    DataSize maximum = limits.maxBytesInFlight();
    this.maxBytes = maximum == null ? shareOfHeap() : maximum.toBytes();
  }

  private static long shareOfHeap() {
    return Math.min(MOST_BYTES, (long) (SHARE_OF_HEAP * Runtime.getRuntime().maxMemory()));
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
    private long heldForLines;

    /** More bytes of the decompressed body. */
    void body(int bytes) {
      grow((long) BYTES_PER_BODY_BYTE * bytes);
    }

    /** One more line that was read. */
    void line() {
      heldForLines += BYTES_PER_LINE;
      grow(BYTES_PER_LINE);
    }

    /** The lines are forgotten, to be read again. */
    void noLines() {
      give(heldForLines);
      heldForLines = 0;
    }

    private void grow(long more) {
      held += more;
      long all = bytes.addAndGet(more);
      if (held > maxBytes) {
        throw tooLarge();
      }
      if (all > maxBytes) {
        throw busy("%d bytes are in flight already.".formatted(maxBytes));
      }
    }

    private void give(long less) {
      held -= less;
      bytes.addAndGet(-less);
    }

    @Override
    public void close() {
      give(held);
      requests.decrementAndGet();
    }
  }

  private Refusal tooLarge() {
    return new Refusal(
        HttpStatus.CONTENT_TOO_LARGE,
        "body-too-large",
        "The request alone takes more than the %d bytes there are for all; send it in several requests."
            .formatted(maxBytes));
  }
}
