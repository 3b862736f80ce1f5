package io.logfold.generator;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What happened to the logs. Written once a request, on its final answer, so that at any moment
 * {@code sent = accepted + rejected + failed + unknown}, the unknown being those in flight or
 * without a usable answer. Thread-safe.
 */
final class Books {

  private static final int MAX_PROBLEMS = 5;

  private final long[] byStatus = new long[600];
  private final BitSet clients = new BitSet();
  private final LatencyCounts latencies = new LatencyCounts();
  private final Map<String, Long> answers = new TreeMap<>();
  private final Map<String, Long> failures = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private long generated;
  private long requests;
  private long retries;
  private long sent;
  private long accepted;
  private long rejected;
  private long failed;
  private long detailed;

  /** Logs were made. */
  synchronized void generated(int logs) {
    generated += logs;
  }

  /** A request's first try begins. */
  synchronized void sending(int logs) {
    requests++;
    sent += logs;
  }

  /** A further try of a request begins. */
  synchronized void retrying() {
    retries++;
  }

  /** A try ended. */
  synchronized void answered(Answer answer) {
    answers.merge(answer.status() == 0 ? "none" : "" + answer.status(), 1L, Long::sum);
  }

  /** A request succeeded. */
  synchronized void accepted(Batch batch, Answer answer) {
    Answer.Receipt receipt = answer.receipt(batch.size());
    if (receipt == null) {
      problem("The counts in the answer are not those of the request. " + answer.describe());
      return;
    }
    accepted += receipt.accepted();
    rejected += receipt.rejected();
    if (receipt.rejected() > 0) {
      problem("Logs were rejected. " + answer.describe());
    }
    if (receipt.rejectedLines() != null) {
      detail(batch, receipt.rejectedLines());
    }
  }

  /** A request failed for good, for a reason to count by. */
  synchronized void failed(int logs, String reason, Answer answer) {
    failed += logs;
    failures.merge(reason, (long) logs, Long::sum);
    problem(answer.describe());
  }

  synchronized void problem(String sentence) {
    if (problems.size() < MAX_PROBLEMS && !problems.contains(sentence)) {
      problems.add(sentence);
    }
  }

  /** One line to watch a run by. */
  synchronized String progress(double seconds) {
    return String.format(
        Locale.ROOT,
        "%,.0f s: sent %,d, acknowledged %,d (%,.0f/s), in flight %,d, rejected %,d, failed %,d,"
            + " retries %,d",
        seconds,
        sent,
        accepted,
        perSecond(seconds),
        unknown(),
        rejected,
        failed,
        retries);
  }

  synchronized GeneratorReport report(String run, long seed, double seconds) {
    return new GeneratorReport(
        run,
        seed,
        generated,
        sent,
        accepted,
        rejected,
        failed,
        unknown(),
        requests,
        retries,
        seconds,
        perSecond(seconds),
        detailed,
        statusCounts(),
        clients.cardinality(),
        latency(),
        sorted(answers),
        sorted(failures),
        List.copyOf(problems));
  }

  private static Map<String, Long> sorted(Map<String, Long> counts) {
    return Collections.unmodifiableMap(new TreeMap<>(counts));
  }

  private double perSecond(double seconds) {
    return seconds > 0 ? accepted / seconds : 0;
  }

  private long unknown() {
    return sent - accepted - rejected - failed;
  }

  private void detail(Batch batch, BitSet rejectedLines) {
    for (int i = 0; i < batch.size(); i++) {
      if (!rejectedLines.get(i)) {
        byStatus[batch.statuses[i]]++;
        clients.set(batch.clients[i]);
        latencies.add(batch.latencyMicros[i]);
        detailed++;
      }
    }
  }

  private Map<Integer, Long> statusCounts() {
    Map<Integer, Long> counts = new TreeMap<>();
    for (int status = 0; status < byStatus.length; status++) {
      if (byStatus[status] > 0) {
        counts.put(status, byStatus[status]);
      }
    }
    return counts;
  }

  private GeneratorReport.Latency latency() {
    return new GeneratorReport.Latency(
        latencies.quantile(0.5),
        latencies.quantile(0.9),
        latencies.quantile(0.95),
        latencies.quantile(0.99),
        latencies.quantile(0.999),
        latencies.quantile(1),
        latencies.mean());
  }
}
