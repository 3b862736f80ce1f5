package io.logfold.generator;

import org.jspecify.annotations.Nullable;

/**
 * Hands out the requests of a run: their numbers, sizes and when each is due. Requests are spread
 * evenly over time whatever the number of streams, as they all take from here. After a stall at
 * most {@link #MAX_DEBT_NANOS} of it is caught up. Thread-safe.
 */
final class Schedule {

  /** One second: enough for a pause of the collector, too little to flood who just came back. */
  static final long MAX_DEBT_NANOS = 1_000_000_000L;

  private final GeneratorSettings settings;
  private final Ticker ticker;
  private final long end;
  private long due;
  private long requests;
  private long logs;
  private boolean closed;

  Schedule(GeneratorSettings settings, Ticker ticker) {
    this.settings = settings;
    this.ticker = ticker;
    due = ticker.nanos();
    end = due + settings.duration().toNanos();
  }

  /**
   * A request to be made.
   *
   * @param number from 0, over all streams; it decides what the logs are
   * @param size logs in it
   * @param dueNanos when, on the ticker
   */
  record Slot(long number, int size, long dueNanos) {}

  /** The next request, or null when the run is over. */
  synchronized @Nullable Slot next() {
    int size = nextSize();
    due = Math.max(due, ticker.nanos() - MAX_DEBT_NANOS);
    if (closed || size == 0 || isAfterEnd(due)) {
      return null;
    }
    Slot slot = new Slot(requests++, size, due);
    logs += size;
    due += nanosFor(size);
    return slot;
  }

  /** Hands out nothing more. */
  synchronized void close() {
    closed = true;
  }

  private int nextSize() {
    long left = settings.total() == 0 ? Long.MAX_VALUE : settings.total() - logs;
    return (int) Math.min(settings.batch(), left);
  }

  private boolean isAfterEnd(long nanos) {
    return !settings.duration().isZero() && Math.max(nanos, ticker.nanos()) - end >= 0;
  }

  private long nanosFor(int size) {
    return settings.rate() == 0 ? 0 : Math.round(size / settings.rate() * 1e9);
  }
}
