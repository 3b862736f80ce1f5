package io.logfold.benchmarks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * How fast something was done, and at what cost.
 *
 * @param count logs or rows
 * @param seconds wall clock
 * @param cpuSeconds user and system, of all processes that took part
 */
record Speed(long count, double seconds, double cpuSeconds) {

  /** Logs or rows a second of wall clock. */
  @JsonProperty
  double perSecond() {
    return seconds == 0 ? 0 : count / seconds;
  }

  /** CPU-seconds for a million logs or rows. */
  @JsonProperty
  double cpuPerMillion() {
    return count == 0 ? 0 : cpuSeconds * 1e6 / count;
  }

  /** The one in the middle, by speed, of some runs. */
  static Speed median(int runs, Callable<Speed> run) throws Exception {
    List<Speed> speeds = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      speeds.add(run.call());
    }
    speeds.sort(Comparator.comparingDouble(Speed::perSecond));
    return speeds.get(runs / 2);
  }
}
