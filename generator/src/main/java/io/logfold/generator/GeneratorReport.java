package io.logfold.generator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run did, as far as anyone can know from outside: {@code sent = accepted + rejected +
 * failed + unknown}, always.
 *
 * @param run first part of the run's keys, {@code <run>-<stream>/<sequence>}
 * @param seed what to pass as seed to get the same logs again
 * @param generated logs made; more than sent only when stopped in between
 * @param sent logs of requests that were tried at least once
 * @param accepted logs that the receiver acknowledged, each counted once however often it was sent;
 *     the receiver's count of this run's unique logs must equal it when nothing failed or is
 *     unknown
 * @param rejected logs that the receiver read and refused
 * @param failed logs of requests that were refused whole or given up; those given up may have been
 *     stored by a try whose answer got lost
 * @param unknown logs of requests in flight when the run was stopped, or answered with counts that
 *     do not add up; they may or may not be stored
 * @param requests different requests; each has a key of its own
 * @param retries tries after the first, with the same key and bytes
 * @param durationSeconds from the start to the last answer
 * @param rate accepted logs a second over the whole run
 * @param detailed accepted logs that {@code byStatus}, {@code distinctIps} and {@code
 *     latencyMicros} are about: fewer than accepted only when a receiver rejected lines without
 *     naming them
 * @param byStatus accepted logs by their HTTP status
 * @param distinctIps different clients of accepted logs, exact
 * @param latencyMicros latencies of accepted logs as written on the wire, exact
 * @param answers tries by the HTTP status they got, {@code none} for a broken or refused connection
 *     or a timeout
 * @param failures failed logs by reason: the status that refused them, or {@code gave-up}
 * @param problems the first few different sentences about what went wrong
 */
public record GeneratorReport(
    String run,
    long seed,
    long generated,
    long sent,
    long accepted,
    long rejected,
    long failed,
    long unknown,
    long requests,
    long retries,
    double durationSeconds,
    double rate,
    long detailed,
    Map<Integer, Long> byStatus,
    int distinctIps,
    Latency latencyMicros,
    Map<String, Long> answers,
    Map<String, Long> failures,
    List<String> problems) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  /** Exact latencies in microseconds; quantiles by nearest rank, 0 when nothing was accepted. */
  public record Latency(long p50, long p90, long p95, long p99, long p999, long max, double mean) {}

  /** Whether every log that was sent was accepted. */
  public boolean isAllAccepted() {
    return accepted == sent;
  }

  /** The report as one line of JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record of numbers and texts is always JSON", e);
    }
  }

  /** The report for a reader. */
  public String toText() {
    return String.format(
        Locale.ROOT,
        """
    run %s, seed %d
    logs      generated %,d, sent %,d, accepted %,d, rejected %,d, failed %,d, unknown %,d
    requests  %,d and %,d retries in %,.1f s: %,.0f accepted logs/s
    accepted  by status %s, distinct IPs %,d%s
    latency   p50 %,d us, p90 %,d, p95 %,d, p99 %,d, p999 %,d, max %,d, mean %,.1f
    answers   by HTTP status %s%s
    """,
        run,
        seed,
        generated,
        sent,
        accepted,
        rejected,
        failed,
        unknown,
        requests,
        retries,
        durationSeconds,
        rate,
        byStatus,
        distinctIps,
        detailNote(),
        latencyMicros.p50,
        latencyMicros.p90,
        latencyMicros.p95,
        latencyMicros.p99,
        latencyMicros.p999,
        latencyMicros.max,
        latencyMicros.mean,
        answers,
        problemLines());
  }

  private String detailNote() {
    return detailed == accepted
        ? ""
        : String.format(
            Locale.ROOT,
            " (of %,d logs: the rest had neighbours rejected without their line numbers)",
            detailed);
  }

  private String problemLines() {
    StringBuilder lines = new StringBuilder();
    failures.forEach(
        (reason, logs) -> lines.append("\nfailed    ").append(reason).append(": ").append(logs));
    problems.forEach(problem -> lines.append("\nproblem   ").append(problem));
    return lines.toString();
  }
}
