package io.logfold.benchmarks;

import java.time.Duration;
import java.util.function.Supplier;

/** Waits for conditions. */
final class Waiting {

  private static final Duration POLL = Duration.ofMillis(100);

  private Waiting() {}

  /** Something that holds sooner or later; an exception means: not yet. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /**
   * Waits until the condition holds.
   *
   * @param complaint what to say when it does not hold in time
   * @throws IllegalStateException when it does not
   */
  static void until(Duration limit, Condition condition, Supplier<String> complaint)
      throws InterruptedException {
    long began = System.nanoTime();
    while (!holds(condition)) {
      if (System.nanoTime() - began > limit.toNanos()) {
        throw new IllegalStateException(complaint.get());
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  /** Whether it holds now. */
  static boolean holds(Condition condition) throws InterruptedException {
    try {
      return condition.holds();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return false;
    }
  }
}
