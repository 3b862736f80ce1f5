package io.logfold.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The report as a table for people. */
final class Figures {

  private static final double MEGABYTE = 1 << 20;

  private Figures() {}

  static String table(PipelineReport report) {
    StringBuilder table = new StringBuilder(Figure.HEADER);
    for (Figure figure : of(report)) {
      table.append(figure.row());
    }
    return "%s%nLost %,d, doubled %,d. %s. %s, `%s`%n"
        .formatted(
            table,
            report.lost(),
            report.doubled(),
            report.machine(),
            report.at(),
            report.commandLine());
  }

  private static List<Figure> of(PipelineReport report) {
    List<Figure> figures = new ArrayList<>();
    load(report.load(), figures);
    shares(report, report.limits(), figures);
    latency(report.latency(), figures);
    memory(report.load(), figures);
    if (report.limits() != null) {
      limits(report.limits(), figures);
    }
    return figures;
  }

  private static void load(MeasuredLoad load, List<Figure> figures) {
    Speed folded = load.folded();
    figures.add(
        Figure.of("CPU of everything, a million logs", folded.cpuPerMillion(), "s").target(18, 9));
    load.cpuPerMillion()
        .forEach((name, cost) -> figures.add(Figure.of("- of it " + name, cost, "s")));
    figures.add(Figure.of("end to end", folded.perSecond(), "logs/s").target(100_000, 200_000));
    figures.add(Figure.of("end to end, error rows", load.rowsPerSecond(), "rows/s"));
    figures.add(Figure.of("accepted meanwhile", load.acceptedPerSecond(), "logs/s"));
  }

  private static void shares(PipelineReport report, @Nullable Limits limits, List<Figure> figures) {
    figures.add(
        Figure.of("entry alone / plain producer", report.entry().perSecond(), "logs/s")
            .shareOf(limits == null ? null : limits.plainProducer(), 0.5, 0.65));
    figures.add(Figure.of("- its CPU, a million logs", report.entry().cpuPerMillion(), "s"));
    figures.add(
        Figure.of(
                "replay without projections / plain parsing consumer",
                report.noProjections().perSecond(),
                "logs/s")
            .shareOf(limits == null ? null : limits.parsingConsumer(), 0.5, 0.8));
    figures.add(
        Figure.of("- its CPU, a million logs", report.noProjections().cpuPerMillion(), "s"));
    figures.add(
        Figure.of("replay", report.replay().perSecond(), "logs/s").target(100_000, 200_000));
    figures.add(Figure.of("- its CPU, a million logs", report.replay().cpuPerMillion(), "s"));
    figures.add(
        Figure.of("replay, error rows / raw JDBC", report.replayRows().perSecond(), "rows/s")
            .shareOf(limits == null ? null : limits.rawRows(), 0.5, 0.8));
  }

  private static void latency(VisibleLatency.Result latency, List<Figure> figures) {
    figures.add(
        Figure.of("POST to visible at 1,000 logs/s, p50", latency.visibleP50(), "ms")
            .target(100, 30));
    figures.add(
        Figure.of("POST to visible at 1,000 logs/s, p99", latency.visibleP99(), "ms")
            .target(500, 100));
    figures.add(Figure.of("POST to answer, p50", latency.acceptedP50(), "ms"));
    figures.add(Figure.of("POST to answer, p99", latency.acceptedP99(), "ms"));
  }

  private static void memory(MeasuredLoad load, List<Figure> figures) {
    for (Map.Entry<String, Long> heap : load.peakHeapBytes().entrySet()) {
      figures.add(
          Figure.of("heap of " + heap.getKey(), heap.getValue() / MEGABYTE, "MB").target(512, 256));
    }
    load.peakResidentBytes()
        .forEach(
            (name, bytes) ->
                figures.add(Figure.of("resident memory of " + name, bytes / MEGABYTE, "MB")));
    figures.add(Figure.of("Kafka's disk", load.logBytesPerLog(), "bytes a log"));
    figures.add(Figure.of("tables and indexes", load.tableBytesPerLog(), "bytes a log"));
  }

  private static void limits(Limits limits, List<Figure> figures) {
    limit("plain producer", limits.plainProducer(), "logs/s", figures);
    limit("plain consumer", limits.plainConsumer(), "logs/s", figures);
    limit("plain parsing consumer", limits.parsingConsumer(), "logs/s", figures);
    limit("raw JDBC", limits.rawRows(), "rows/s", figures);
    limit("HTTP server that discards", limits.discardingServer(), "logs/s", figures);
  }

  private static void limit(String name, Speed speed, String unit, List<Figure> figures) {
    figures.add(Figure.of("limit: " + name, speed.perSecond(), unit));
    figures.add(Figure.of("- its CPU, a million", speed.cpuPerMillion(), "s"));
  }
}
