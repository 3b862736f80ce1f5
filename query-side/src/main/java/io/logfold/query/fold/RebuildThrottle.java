package io.logfold.query.fold;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Lets rebuilds give way to everybody else of this process: after a transaction during which
 * somebody was answered or the fold took logs in, a rebuild rests for a multiple of the time that
 * it took. So it is as fast as the machine when alone, and takes a part of it otherwise.
 */
final class RebuildThrottle {

  /** Longer than that a handover of a segment or a shutdown should not wait. */
  private static final Duration LONGEST_REST = Duration.ofMillis(500);

  private final double rest;
  private final LongSupplier nanoTime;
  private final AtomicLong served = new AtomicLong();

  /**
   * @param rest how many times as long as a transaction took; 0 for never
   */
  RebuildThrottle(double rest, LongSupplier nanoTime) {
    this.rest = rest;
    this.nanoTime = nanoTime;
  }

  /** A transaction of a rebuild, from when it began. */
  final class Turn {

    private final long beganNanos = nanoTime.getAsLong();
    private final long servedBefore = served.get();

    /** How long to rest if it ends now. */
    Duration rest() {
      if (served.get() == servedBefore) {
        return Duration.ZERO;
      }
      Duration wanted = Duration.ofNanos((long) ((nanoTime.getAsLong() - beganNanos) * rest));
      return wanted.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : wanted;
    }

    void end() {
      LockSupport.parkNanos(rest().toNanos());
    }
  }

  Turn begin() {
    return new Turn();
  }

  /** Somebody was answered, or logs were folded. */
  void served() {
    served.incrementAndGet();
  }
}
