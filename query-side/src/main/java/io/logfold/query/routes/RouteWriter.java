package io.logfold.query.routes;

import io.logfold.api.AccessLog;
import io.logfold.query.fold.GenerationWriter;
import io.logfold.query.fold.ReceivedLog;
import io.logfold.query.routes.KnownRouteTable.Known;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Writes the rows of a generation of the routes. */
final class RouteWriter implements GenerationWriter {

  private final int generation;
  private final RouteTemplates templates;
  private final KnownRoutes known;
  private final RouteTable table;
  private final LongSupplier oldestKept;
  private final Map<Integer, OpenRows> openByPart = new ConcurrentHashMap<>();

  /**
   * @param oldestKept the oldest minute that is not pruned, since 1970 in UTC
   */
  RouteWriter(
      int generation,
      RouteTemplates templates,
      KnownRoutes known,
      RouteTable table,
      LongSupplier oldestKept) {
    this.generation = generation;
    this.templates = templates;
    this.known = known;
    this.table = table;
    this.oldestKept = oldestKept;
  }

  @Override
  public void fold(List<ReceivedLog> logs) {
    List<Known> added = new ArrayList<>();
    Map<Integer, Map<RouteRow, List<AccessLog>>> byPart = sorted(logs, added);
    Map<RouteRow, RouteFigures> touched = new HashMap<>();
    byPart.forEach((part, byRow) -> touched.putAll(counted(part, byRow)));
    known.save(added);
    table.save(generation, touched);
    byPart.keySet().forEach(this::putAway);
  }

  @Override
  public void forget(int part) {
    openByPart.remove(part);
    known.forget(part);
  }

  /**
   * The logs by row. A minute that is pruned already gets no row: a rebuild need not write what is
   * deleted right after. Its routes get their names all the same, as they did the first time.
   */
  private Map<Integer, Map<RouteRow, List<AccessLog>>> sorted(
      List<ReceivedLog> logs, List<Known> added) {
    Map<Integer, Map<RouteRow, List<AccessLog>>> byPart = new HashMap<>();
    long oldest = oldestKept.getAsLong();
    for (ReceivedLog received : logs) {
      RouteRow row = row(received, added);
      Map<RouteRow, List<AccessLog>> byRow =
          byPart.computeIfAbsent(row.part(), part -> new HashMap<>());
      if (row.minute() >= oldest) {
        byRow.computeIfAbsent(row, key -> new ArrayList<>(2)).add(received.log());
      }
    }
    return byPart;
  }

  private RouteRow row(ReceivedLog received, List<Known> added) {
    AccessLog log = received.log();
    String source = log.source().strip();
    return new RouteRow(
        RouteRow.minuteOf(log.time()),
        source,
        known.name(received.part(), source, templates.of(log), added),
        Methods.of(log.method()),
        log.status() / 100,
        received.part());
  }

  private Map<RouteRow, RouteFigures> counted(int part, Map<RouteRow, List<AccessLog>> byRow) {
    Map<RouteRow, RouteFigures> open =
        openByPart
            .computeIfAbsent(part, key -> new OpenRows(generation, key, table))
            .open(byRow.keySet());
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
}
