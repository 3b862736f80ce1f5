package io.logfold.query.stats;

import io.logfold.api.AccessLog;
import io.logfold.query.rollup.LatencySketch;
import io.logfold.query.rollup.StatusCounts;

/** What is counted of the requests of a bucket, or of many buckets merged. Not thread-safe. */
final class Rollup {

  private final StatusCounts byStatus;
  private final LatencySketch latency;
  private final DistinctIps ips;
  private long requests;
  private long latencySumMicros;
  private long latencyMaxMicros;

  Rollup() {
    this(0, new StatusCounts(), 0, 0, new LatencySketch(), new DistinctIps());
  }

  Rollup(
      long requests,
      StatusCounts byStatus,
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

  /**
   * Counts a request.
   *
   * @param ip hash of its address, {@link DistinctIps#hash}
   */
  void add(AccessLog log, long ip) {
    requests++;
    byStatus.add(log.status(), 1);
    latencySumMicros += log.latencyMicros();
    latencyMaxMicros = Math.max(latencyMaxMicros, log.latencyMicros());
    latency.add(log.latencyMicros());
    ips.add(ip);
  }

  void merge(Rollup other) {
    requests += other.requests;
    byStatus.merge(other.byStatus);
    latencySumMicros += other.latencySumMicros;
    latencyMaxMicros = Math.max(latencyMaxMicros, other.latencyMaxMicros);
    latency.merge(other.latency);
    ips.merge(other.ips);
  }

  long requests() {
    return requests;
  }

  StatusCounts byStatus() {
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
}
