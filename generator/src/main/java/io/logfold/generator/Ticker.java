package io.logfold.generator;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Elapsed time and waiting, so that a test can hold the clock. */
interface Ticker {

  /** The machine's own. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public boolean sleep(long nanos, CountDownLatch stopped) throws InterruptedException {
          return stopped.await(nanos, TimeUnit.NANOSECONDS);
        }
      };

  /** Nanoseconds since some moment. */
  long nanos();

  /** Waits, but no longer than until {@code stopped} opens; answers whether it is open. */
  boolean sleep(long nanos, CountDownLatch stopped) throws InterruptedException;
}
