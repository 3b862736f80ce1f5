package io.logfold.benchmarks;

import io.logfold.generator.GeneratorReport;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was acknowledged to the senders, each log once however often it was sent.
 *
 * @param accepted acknowledged logs
 * @param byStatus them by HTTP status
 * @param latencySumMicros their latencies, exact
 * @param latencyMaxMicros the longest
 * @param requests different requests
 * @param retries tries after the first
 * @param unsettled logs without a final yes: rejected, given up, or unknown; with any, nothing can
 *     be compared
 * @param problems what the senders say went wrong
 */
record Tally(
    long accepted,
    SortedMap<Integer, Long> byStatus,
    long latencySumMicros,
    long latencyMaxMicros,
    long requests,
    long retries,
    long unsettled,
    List<String> problems) {

  static final Tally NONE = new Tally(0, new TreeMap<>(), 0, 0, 0, 0, 0, List.of());

  static Tally of(GeneratorReport report) {
    return new Tally(
        report.accepted(),
        new TreeMap<>(report.byStatus()),
        Math.round(report.latencyMicros().mean() * report.detailed()),
        report.latencyMicros().max(),
        report.requests(),
        report.retries(),
        report.rejected() + report.failed() + report.unknown(),
        report.problems());
  }

  Tally plus(Tally other) {
    SortedMap<Integer, Long> statuses = new TreeMap<>(byStatus);
    other.byStatus.forEach((status, logs) -> statuses.merge(status, logs, Long::sum));
    List<String> all = new ArrayList<>(problems);
    all.addAll(other.problems);
    return new Tally(
        accepted + other.accepted,
        statuses,
        latencySumMicros + other.latencySumMicros,
        Math.max(latencyMaxMicros, other.latencyMaxMicros),
        requests + other.requests,
        retries + other.retries,
        unsettled + other.unsettled,
        all);
  }

  /** Logs by status, of error statuses alone. */
  SortedMap<Integer, Long> errors() {
    return byStatus.tailMap(400);
  }
}
