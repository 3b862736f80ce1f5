package io.logfold.benchmarks;

import io.logfold.benchmarks.Counts.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * How the rebuilds went.
 *
 * @param idle how it was to ask when nothing else was done
 * @param loaded how it was while logs came in, and nothing was rebuilt
 * @param alone each rebuild while nothing came in and nobody asked
 * @param underLoad each again, while logs came in and somebody asked
 * @param problems answers that were none, or took something back
 * @param wrong counts that are not what they must be
 */
record RebuildReport(
    Asking idle,
    Asking loaded,
    List<Built> alone,
    List<Built> underLoad,
    List<String> problems,
    List<Count> wrong) {

  private static final double LEAST_LOGS_PER_SECOND = 100_000;
  private static final double GOAL_LOGS_PER_SECOND = 150_000;

  /** Answers may take so many times as long while something is rebuilt. */
  private static final double MOST_TIMES_IDLE = 2;

  /**
   * Asking while nothing is rebuilt.
   *
   * @param cores that all processes of the rig kept busy, by process
   */
  record Asking(Reader.Experience reader, SortedMap<String, Double> cores) {}

  /**
   * A rebuild.
   *
   * @param speed records that were read, from the order until the fold fed what was built; CPU of
   *     all processes of the rig
   * @param cpuPerMillion CPU-seconds for a million of them, by process
   * @param reader how it was to ask meanwhile, or of no time
   * @param stalls how long the machine kept others waiting meanwhile
   */
  record Built(
      String id,
      Speed speed,
      SortedMap<String, Double> cpuPerMillion,
      Reader.Experience reader,
      StallWatch.Stalls stalls) {}

  boolean isRight() {
    return problems.isEmpty()
        && wrong.isEmpty()
        && alone.stream().allMatch(each -> each.speed().perSecond() >= LEAST_LOGS_PER_SECOND)
        && underLoad.stream()
            .allMatch(each -> each.reader().p99() <= MOST_TIMES_IDLE * idle.reader().p99());
  }

  String toText() {
    StringBuilder text = new StringBuilder(Figure.HEADER);
    figures().forEach(figure -> text.append(figure.row()));
    return String.format(
        Locale.ROOT,
        "%s%n%,d answers failed or went back, %d counts are wrong.%n%s",
        text,
        problems.size(),
        wrong.size(),
        some());
  }

  private String some() {
    List<String> lines = new ArrayList<>(problems.subList(0, Math.min(20, problems.size())));
    wrong.forEach(count -> lines.add(count.toString()));
    return String.join("\n", lines);
  }

  private List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    asking("idle", idle, figures);
    asking("under load", loaded, figures);
    for (Built each : alone) {
      figures.add(
          Figure.of(each.id() + " alone", each.speed().perSecond(), "logs/s")
              .target(LEAST_LOGS_PER_SECOND, GOAL_LOGS_PER_SECOND));
      cost(each, figures);
    }
    for (Built each : underLoad) {
      figures.add(Figure.of(each.id() + " under load", each.speed().perSecond(), "logs/s"));
      cost(each, figures);
      figures.add(Figure.of("- answers meanwhile, p50", each.reader().p50(), "ms"));
      figures.add(
          Figure.of("- answers meanwhile, p99", each.reader().p99(), "ms")
              .target(MOST_TIMES_IDLE * idle.reader().p99(), idle.reader().p99()));
      figures.add(Figure.of("- answers meanwhile, longest", each.reader().max(), "ms"));
      figures.add(
          Figure.of("- longest wait for a processor", each.stalls().processorMillis(), "ms"));
      figures.add(Figure.of("- longest wait for the disk", each.stalls().diskMillis(), "ms"));
    }
    return figures;
  }

  private static void asking(String when, Asking asking, List<Figure> figures) {
    figures.add(Figure.of("answers, " + when + ", p50", asking.reader().p50(), "ms"));
    figures.add(Figure.of("answers, " + when + ", p99", asking.reader().p99(), "ms"));
    asking
        .cores()
        .forEach(
            (name, cores) -> figures.add(Figure.of("- busy meanwhile " + name, cores, "cores")));
  }

  private static void cost(Built built, List<Figure> figures) {
    figures.add(Figure.of("- time", built.speed().seconds(), "s"));
    figures.add(Figure.of("- CPU, a million logs", built.speed().cpuPerMillion(), "s"));
    built
        .cpuPerMillion()
        .forEach((name, cost) -> figures.add(Figure.of("- of it " + name, cost, "s")));
  }
}
