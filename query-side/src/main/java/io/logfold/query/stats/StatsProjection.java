package io.logfold.query.stats;

import io.logfold.query.fold.CarryOver;
import io.logfold.query.fold.GenerationDiff;
import io.logfold.query.fold.GenerationDiff.Figure;
import io.logfold.query.fold.GenerationWriter;
import io.logfold.query.fold.LogProjection;
import io.logfold.query.fold.RowDifferenceTable;
import io.logfold.query.fold.RowDifferenceTable.Columns;
import io.logfold.query.fold.RowDifferenceTable.Steps;
import io.logfold.query.rollup.StatusCounts;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Counts every request into the minute and the hour of its own time, however late it comes. */
@Component
class StatsProjection implements LogProjection {

  static final String NAME = "stats";

  private static final List<String> KEYS = List.of("bucket", "source", "part");

  private static final List<String> VALUES =
      List.of("requests", "statuses", "latency_sum", "latency_max", "latency_sketch", "ip_sketch");

  private static final Columns HOURS = new Columns("stats_hour", KEYS, VALUES);
  private static final Columns MINUTES = new Columns("stats_minute", KEYS, VALUES);

  private final StatsTable table;
  private final RowDifferenceTable differences;
  private final StatsProperties properties;
  private final Clock clock;

  StatsProjection(
      StatsTable table, RowDifferenceTable differences, StatsProperties properties, Clock clock) {
    this.table = table;
    this.differences = differences;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String rule() {
    return "every request";
  }

  @Override
  public GenerationWriter writer(int generation, String rule) {
    return new StatsWriter(table, generation);
  }

  @Override
  public void clear(int generation) {
    table.clear(generation);
  }

  @Override
  public void carryOver(CarryOver lost, GenerationWriter writer) {
    table.carryOver(lost);
  }

  @Override
  public GenerationDiff compare(int before, int after) {
    Steps hours = differences.steps(HOURS, before, after);
    List<Figure> figures = new ArrayList<>(requestsByStatus(hours));
    figures.addAll(
        differences.figures(hours, "requests on ", "CAST(bucket AS DATE)", "SUM(requests)"));
    return new GenerationDiff(
        figures,
        List.of(
            differences.rows(hours), differences.rows(differences.steps(MINUTES, before, after))));
  }

  private List<Figure> requestsByStatus(Steps hours) {
    StatusCounts ofBefore = new StatusCounts();
    StatusCounts ofAfter = new StatusCounts();
    differences.values(
        hours,
        "statuses",
        (text, generation) ->
            (generation == hours.before() ? ofBefore : ofAfter).merge(StatusCounts.fromText(text)));
    SortedSet<Integer> statuses = new TreeSet<>(ofBefore.toMap().keySet());
    statuses.addAll(ofAfter.toMap().keySet());
    return statuses.stream()
        .map(
            status ->
                new Figure(
                    "requests of status " + status,
                    ofBefore.sum(status::equals),
                    ofAfter.sum(status::equals)))
        .toList();
  }

  /** Hours answer for everything older; no question reaches further back in minutes. */
  @Scheduled(fixedDelay = 10, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
  void pruneMinutes() {
    table.pruneMinutes(Granularity.HOUR.bucketOf(clock.instant().minus(properties.keepMinutes())));
  }
}
