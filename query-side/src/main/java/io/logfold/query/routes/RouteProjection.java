package io.logfold.query.routes;

import io.logfold.api.AccessLog;
import io.logfold.query.fold.LogProjection;
import io.logfold.query.fold.ReceivedLog;
import io.logfold.query.routes.KnownRouteTable.Known;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

  private final RouteTemplates templates;
  private final KnownRoutes known;
  private final RouteTable table;
  private final RouteProperties properties;
  private final Clock clock;
  private final Map<Integer, OpenRows> openByPart = new ConcurrentHashMap<>();

  RouteProjection(
      RouteTemplates templates,
      KnownRoutes known,
      RouteTable table,
      RouteProperties properties,
      Clock clock) {
    this.templates = templates;
    this.known = known;
    this.table = table;
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
    return "%d a source, rules %s".formatted(properties.maxPerSource(), templates.digest());
  }

  @Override
  public void fold(int generation, List<ReceivedLog> logs) {
    List<Known> added = new ArrayList<>();
    Map<Integer, Map<RouteRow, List<AccessLog>>> byPart = sorted(generation, logs, added);
    Map<RouteRow, RouteFigures> touched = new HashMap<>();
    byPart.forEach((part, byRow) -> touched.putAll(counted(generation, part, byRow)));
    known.save(generation, added);
    table.save(generation, touched);
    byPart.keySet().forEach(this::putAway);
  }

  @Override
  public void forget(int part) {
    openByPart.remove(part);
    known.forget(part);
  }

  @Override
  public void clear(int generation) {
    table.clear(generation);
    known.clear(generation);
    openByPart.clear();
  }

  @Scheduled(fixedDelay = 10, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
  void pruneMinutes() {
    table.prune(oldestKept());
  }

  /**
   * The logs by row. A minute that is pruned already gets no row: a rebuild need not write what is
   * deleted right after. Its routes get their names all the same, as they did the first time.
   */
  private Map<Integer, Map<RouteRow, List<AccessLog>>> sorted(
      int generation, List<ReceivedLog> logs, List<Known> added) {
    Map<Integer, Map<RouteRow, List<AccessLog>>> byPart = new HashMap<>();
    long oldest = oldestKept();
    for (ReceivedLog received : logs) {
      RouteRow row = row(generation, received, added);
      Map<RouteRow, List<AccessLog>> byRow =
          byPart.computeIfAbsent(row.part(), part -> new HashMap<>());
      if (row.minute() >= oldest) {
        byRow.computeIfAbsent(row, key -> new ArrayList<>(2)).add(received.log());
      }
    }
    return byPart;
  }

  private RouteRow row(int generation, ReceivedLog received, List<Known> added) {
    AccessLog log = received.log();
    String source = log.source().strip();
    return new RouteRow(
        RouteRow.minuteOf(log.time()),
        source,
        known.name(generation, received.part(), source, templates.of(log), added),
        Methods.of(log.method()),
        log.status() / 100,
        received.part());
  }

  private Map<RouteRow, RouteFigures> counted(
      int generation, int part, Map<RouteRow, List<AccessLog>> byRow) {
    Map<RouteRow, RouteFigures> open =
        openByPart
            .computeIfAbsent(part, key -> new OpenRows(key, table))
            .open(generation, byRow.keySet());
    open.forEach(
        (row, figures) ->
            byRow
                .getOrDefault(row, List.of())
                .forEach(log -> figures.add(log.status(), log.latencyMicros())));
    return open;
  }

  private void putAway(int part) {
    OpenRows open = openByPart.get(part);
    if (open != null) {
      open.putAwayTheOldest();
    }
    known.putAway(part);
  }

  private long oldestKept() {
    return RouteRow.minuteOf(
        clock.instant().minus(properties.keepMinutes()).truncatedTo(ChronoUnit.HOURS));
  }
}
