package io.logfold.query.routes;

import io.logfold.query.rollup.LatencySketch;
import io.logfold.query.rollup.StatusCounts;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.function.IntPredicate;

/** What is counted of requests. Not thread-safe. */
public final class RouteFigures {

  private final StatusCounts byStatus;
  private final LatencySketch latency;
  private long requests;
  private long latencySumMicros;
  private long latencyMaxMicros;

  /** Of no requests. */
  public RouteFigures() {
    this(0, new StatusCounts(), 0, 0, new LatencySketch());
  }

  RouteFigures(
      long requests,
      StatusCounts byStatus,
      long latencySumMicros,
      long latencyMaxMicros,
      LatencySketch latency) {
    this.requests = requests;
    this.byStatus = byStatus;
    this.latencySumMicros = latencySumMicros;
    this.latencyMaxMicros = latencyMaxMicros;
    this.latency = latency;
  }

  /** Counts a request. */
  public void add(int status, long latencyMicros) {
    requests++;
    byStatus.add(status, 1);
    latencySumMicros += latencyMicros;
    latencyMaxMicros = Math.max(latencyMaxMicros, latencyMicros);
    latency.add(latencyMicros);
  }

  /** Adds other requests, whose figures stay as they are. */
  public void merge(RouteFigures other) {
    requests += other.requests;
    byStatus.merge(other.byStatus);
    latencySumMicros += other.latencySumMicros;
    latencyMaxMicros = Math.max(latencyMaxMicros, other.latencyMaxMicros);
    latency.merge(other.latency);
  }

  /** Adds the requests of a row as it is stored. */
  void merge(
      long rowRequests,
      StatusCounts rowStatuses,
      long rowLatencySumMicros,
      long rowLatencyMaxMicros,
      byte[] rowLatency) {
    requests += rowRequests;
    byStatus.merge(rowStatuses);
    latencySumMicros += rowLatencySumMicros;
    latencyMaxMicros = Math.max(latencyMaxMicros, rowLatencyMaxMicros);
    latency.mergeBytes(rowLatency);
  }

  /** How many requests. */
  public long requests() {
    return requests;
  }

  /** How many of them were answered with one of some statuses. */
  public long requestsWith(IntPredicate status) {
    return byStatus.sum(status);
  }

  /** Requests by status, a copy. */
  public SortedMap<Integer, Long> byStatus() {
    return byStatus.toMap();
  }

  /**
   * The latency that a share of the requests did not exceed, in microseconds, within 1 %; 0 without
   * requests.
   *
   * @param quantile 0 to 1
   */
  public long latencyMicros(double quantile) {
    return latency.micros(quantile);
  }

  /** Whether they count the same requests, as far as anybody can tell. */
  boolean isLike(RouteFigures other) {
    return requests == other.requests
        && latencySumMicros == other.latencySumMicros
        && latencyMaxMicros == other.latencyMaxMicros
        && byStatus.toText().equals(other.byStatus.toText())
        && Arrays.equals(latency.toBytes(), other.latency.toBytes());
  }

  StatusCounts statuses() {
    return byStatus;
  }

  long latencySumMicros() {
    return latencySumMicros;
  }

  long latencyMaxMicros() {
    return latencyMaxMicros;
  }

  LatencySketch latency() {
    return latency;
  }
}
