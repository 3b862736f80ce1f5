package io.logfold.api.stats;

import java.time.Instant;
import java.util.SortedMap;

/**
 * The answer to {@link FindStats}: every figure of one range.
 *
 * @param requests requests counted
 * @param distinctIps different client addresses; standard error at most 1 %, never more than {@code
 *     requests}
 * @param errorsByStatus requests by status, for the statuses of the error rule that occurred
 * @param latency how long the requests took
 * @param asOf when the answer was read from the database
 */
public record StatsReport(
    long requests,
    long distinctIps,
    SortedMap<Integer, Long> errorsByStatus,
    Latency latency,
    Instant asOf) {

  /**
   * Latency in microseconds; all 0 without requests. Quantiles are within 1 % of the exact value.
   */
  public record Latency(
      double meanMicros,
      long maxMicros,
      long p50Micros,
      long p90Micros,
      long p95Micros,
      long p99Micros,
      long p999Micros) {}
}
