package io.logfold.benchmarks;

import io.logfold.benchmarks.Counts.Count;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param sent what the senders say
 * @param faults how many of each kind were done
 * @param revived processes that had ended by themselves and were started again
 * @param counts every figure compared
 * @param duration from the first log to the last comparison
 */
record FaultResult(
    FaultSettings settings,
    Tally sent,
    Map<FaultKind, Integer> faults,
    int revived,
    List<Count> counts,
    Duration duration) {

  /** Whether every figure is what it must be. */
  boolean isRight() {
    return wrong().isEmpty();
  }

  List<Count> wrong() {
    return counts.stream().filter(count -> !count.isRight()).toList();
  }

  /** Logs that were acknowledged and are missing in some figure. */
  long lost() {
    return counts.stream()
        .filter(count -> count.what().startsWith("requests"))
        .mapToLong(count -> Math.max(0, count.expected() - count.found()))
        .max()
        .orElse(0);
  }

  /** Logs that are in some figure more than once. */
  long doubled() {
    return counts.stream()
        .filter(count -> count.what().startsWith("requests"))
        .mapToLong(count -> Math.max(0, count.found() - count.expected()))
        .max()
        .orElse(0);
  }

  /** The result for a reader. */
  String toText() {
    return String.format(
        Locale.ROOT,
        """

        seed      %d
        faults    %d%s
        ended     %d processes by themselves, started again
        sent      %,d logs in %,d requests, %,d retries
        lost      %,d
        doubled   %,d
        compared  %d figures, %d wrong%s
        seconds   %d
        """,
        settings.seed(),
        faults.values().stream().mapToInt(Integer::intValue).sum(),
        lines(
            faults.entrySet().stream()
                .map(kind -> kind.getValue() + " x " + kind.getKey().label())
                .toList()),
        revived,
        sent.accepted(),
        sent.requests(),
        sent.retries(),
        lost(),
        doubled(),
        counts.size(),
        wrong().size(),
        lines(wrong().stream().map(Count::toString).toList()),
        duration.toSeconds());
  }

  private static String lines(List<String> lines) {
    return lines.stream().map(line -> "\n            " + line).collect(Collectors.joining());
  }
}
