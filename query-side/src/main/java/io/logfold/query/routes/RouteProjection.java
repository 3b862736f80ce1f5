package io.logfold.query.routes;

import io.logfold.query.fold.GenerationWriter;
import io.logfold.query.fold.LogProjection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
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

  private final KnownRouteTable knownTable;
  private final RouteTable table;
  private final RouteJournalTable journal;
  private final RouteProperties properties;
  private final RoutingRule rule;
  private final Clock clock;

  RouteProjection(
      KnownRouteTable knownTable,
      RouteTable table,
      RouteJournalTable journal,
      RouteProperties properties,
      Clock clock) {
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
        part -> new PartRows(generation, part, table, journal, properties.writeEvery(), clock),
        this::oldestKept);
  }

  @Override
  public void clear(int generation) {
    table.clear(generation);
    journal.clear(generation);
    knownTable.clear(generation);
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
