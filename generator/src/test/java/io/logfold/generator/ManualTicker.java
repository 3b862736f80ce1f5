package io.logfold.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Time that passes only by sleeping, and at once: one stream's waits can be read off it. */
final class ManualTicker implements Ticker {

  private final List<Long> sleeps = new ArrayList<>();
  private long now;

  @Override
  public synchronized long nanos() {
    return now;
  }

  @Override
  public synchronized boolean sleep(long nanos, CountDownLatch stopped) {
    now += nanos;
    if (nanos > 0) {
      sleeps.add(nanos);
    }
    return stopped.getCount() == 0;
  }

  /** Lets time pass without anyone having waited for it. */
  synchronized void pass(long nanos) {
    now += nanos;
  }

  /** The waits so far, in milliseconds. */
  synchronized List<Long> sleptMillis() {
    return sleeps.stream().map(nanos -> nanos / 1_000_000).toList();
  }
}
