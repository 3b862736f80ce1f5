package io.logfold.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * CPU time, user and system, in seconds.
 *
 * @param seconds by the name of the process
 */
record CpuTimes(SortedMap<String, Double> seconds) {

  /** The processes' time up to now; of every life of each. */
  static CpuTimes of(Collection<Child> processes) {
    SortedMap<String, Double> seconds = new TreeMap<>();
    for (Child process : processes) {
      seconds.merge(process.name(), process.cpuTime().toNanos() / 1e9, Double::sum);
    }
    return new CpuTimes(seconds);
  }

  /** The time of this process, whatever it does. */
  static double own() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getProcessCpuTime()
        / 1e9;
  }

  CpuTimes since(CpuTimes before) {
    SortedMap<String, Double> used = new TreeMap<>();
    seconds.forEach(
        (name, total) -> used.put(name, total - before.seconds.getOrDefault(name, 0.0)));
    return new CpuTimes(used);
  }

  double total() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** CPU-seconds for a million logs, by the name of the process. */
  SortedMap<String, Double> perMillion(long logs) {
    SortedMap<String, Double> costs = new TreeMap<>();
    seconds.forEach((name, used) -> costs.put(name, used * 1e6 / logs));
    return costs;
  }
}
