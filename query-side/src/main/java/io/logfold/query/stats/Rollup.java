package io.logfold.query.stats;

import io.logfold.api.AccessLog;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is counted of the requests of a bucket, or of many buckets merged. Not thread-safe. */
final class Rollup {

  private final SortedMap<Integer, Long> byStatus;
  private final LatencySketch latency;
  private final DistinctIps ips;
  private long requests;
  private long latencySumMicros;
  private long latencyMaxMicros;

  Rollup() {
    this(0, new TreeMap<>(), 0, 0, new LatencySketch(), new DistinctIps());
  }

  Rollup(
      long requests,
      SortedMap<Integer, Long> byStatus,
      long latencySumMicros,
      long latencyMaxMicros,
      LatencySketch latency,
      DistinctIps ips) {
    this.requests = requests;
    this.byStatus = byStatus;
    this.latencySumMicros = latencySumMicros;
    this.latencyMaxMicros = latencyMaxMicros;
    this.latency = latency;
    this.ips = ips;
  }

  void add(AccessLog log) {
    requests++;
    byStatus.merge(log.status(), 1L, Long::sum);
    latencySumMicros += log.latencyMicros();
    latencyMaxMicros = Math.max(latencyMaxMicros, log.latencyMicros());
    latency.add(log.latencyMicros());
    ips.add(log.ip());
  }

  void merge(Rollup other) {
    requests += other.requests;
    other.byStatus.forEach((status, count) -> byStatus.merge(status, count, Long::sum));
    latencySumMicros += other.latencySumMicros;
    latencyMaxMicros = Math.max(latencyMaxMicros, other.latencyMaxMicros);
    latency.merge(other.latency);
    ips.merge(other.ips);
  }

  long requests() {
    return requests;
  }

  SortedMap<Integer, Long> byStatus() {
    return byStatus;
  }

  long latencySumMicros() {
    return latencySumMicros;
  }

  long latencyMaxMicros() {
    return latencyMaxMicros;
  }

  double latencyMeanMicros() {
    return requests == 0 ? 0 : (double) latencySumMicros / requests;
  }

  LatencySketch latency() {
    return latency;
  }

  DistinctIps ips() {
    return ips;
  }

  /** Requests by status as text, such as {@code 200:70,404:20}. */
  String statusesAsText() {
    return byStatus.entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue())
        .collect(Collectors.joining(","));
  }

  static SortedMap<Integer, Long> statusesFromText(String text) {
    SortedMap<Integer, Long> byStatus = new TreeMap<>();
    for (String entry : text.split(",", -1)) {
      int colon = entry.indexOf(':');
      byStatus.put(
          Integer.parseInt(entry.substring(0, colon)), Long.parseLong(entry.substring(colon + 1)));
    }
    return byStatus;
  }
}
