package io.logfold.command.telling;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a try that failed: at random between nothing and a time that doubles from
 * try to try ("full jitter"), so that what failed together does not come back together.
 *
 * @param first the longest wait after the first try
 * @param longest the longest wait after any
 */
record Backoff(Duration first, Duration longest, RandomGenerator random) {

  /**
   * @param attempts tries so far, 1 or more
   */
  Duration after(int attempts) {
    long doublings = Math.min(attempts - 1, 30);
    long bound = Math.min(first.toMillis() << doublings, longest.toMillis());
    return Duration.ofMillis(random.nextLong(bound + 1));
  }
}
