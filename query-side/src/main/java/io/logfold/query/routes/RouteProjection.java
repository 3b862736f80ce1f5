package io.logfold.query.routes;

import io.logfold.query.fold.CarryOver;
import io.logfold.query.fold.GenerationDiff;
import io.logfold.query.fold.GenerationDiff.Figure;
import io.logfold.query.fold.GenerationWriter;
import io.logfold.query.fold.LogProjection;
import io.logfold.query.fold.RowDifferenceTable;
import io.logfold.query.fold.RowDifferenceTable.Columns;
import io.logfold.query.fold.RowDifferenceTable.Steps;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Counts every request into the minute of its own time, by source, route, method and class of
 * status.
 */
@Component
class RouteProjection implements LogProjection {

  static final String NAME = "routes";

  private static final Columns MINUTES =
      new Columns(
          "route_minute",
          List.of("bucket", "source", "route", "method", "status_class", "part"),
          List.of("requests", "statuses", "latency_sum", "latency_max", "latency_sketch"));

  private static final Columns KNOWN =
      new Columns("route_known", List.of("part", "source", "route"), List.of());

  private final RowDifferenceTable differences;
  private final KnownRouteTable knownTable;
  private final RouteTable table;
  private final RouteJournalTable journal;
  private final RouteProperties properties;
  private final RoutingRule rule;
  private final Clock clock;

  RouteProjection(
      RowDifferenceTable differences,
      KnownRouteTable knownTable,
      RouteTable table,
      RouteJournalTable journal,
      RouteProperties properties,
      Clock clock) {
    this.differences = differences;
    this.knownTable = knownTable;
    this.table = table;
    this.journal = journal;
    this.properties = properties;
    this.rule = new RoutingRule(properties.maxPerSource(), properties.rules());
    this.clock = clock;
    rule.templates(); // a pattern that is none shall be refused at the start
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
    return rule.toText();
  }

  @Override
  public GenerationWriter writer(int generation, String storedRule) {
    RoutingRule routing = RoutingRule.parse(storedRule);
    return new RouteWriter(
        routing.templates(),
        new KnownRoutes(knownTable, generation, routing.maxPerSource()),
        part -> rows(generation, part),
        this::oldestKept);
  }

  @Override
  public void clear(int generation) {
    table.clear(generation);
    journal.clear(generation);
    knownTable.clear(generation);
  }

  private PartRows rows(int generation, int part) {
    return new PartRows(generation, part, table, journal, properties.writeEvery(), clock);
  }

  /**
   * What is in the journals is written first: the older rows must be whole, and nothing may be
   * added any more to newer ones that they replace. Who wrote the journals forgets the partition,
   * here the newer writer, and the older one as it sees that positions were moved.
   */
  @Override
  public void carryOver(CarryOver lost, GenerationWriter writer) {
    rows(lost.from(), lost.part()).writeJournal(oldestKept());
    rows(lost.to(), lost.part()).writeJournal(oldestKept());
    writer.forget(lost.part());
    table.carryOver(lost);
    knownTable.carryOver(lost);
  }

  /** Minutes that a journal adds to are put together first, and compared as they are read. */
  @Override
  public GenerationDiff compare(int before, int after) {
    Instant journaled = journal.firstMinute(before, after);
    Steps written = differences.steps(MINUTES.before(journaled), before, after);
    List<Figure> figures = new ArrayList<>();
    figures.addAll(
        differences.figures(written, "requests on ", "CAST(bucket AS DATE)", "SUM(requests)"));
    figures.addAll(differences.figures(written, "requests of route ", "route", "SUM(requests)"));
    JournaledDifference recent = new JournaledDifference();
    table.readAll(before, journaled, recent::before);
    table.readAll(after, journaled, recent::after);
    figures.addAll(recent.figures());
    return new GenerationDiff(
        figures,
        List.of(
            differences.rows(written),
            recent.rows(),
            differences.rows(differences.steps(KNOWN, before, after))));
  }

  @Scheduled(fixedDelay = 10, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
  void pruneMinutes() {
    table.prune(oldestKept());
  }

  private long oldestKept() {
    return RouteRow.minuteOf(
        clock.instant().minus(properties.keepMinutes()).truncatedTo(ChronoUnit.HOURS));
  }
}
