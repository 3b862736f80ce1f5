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
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/** Writes the rows of a generation of the routes. */
final class RouteWriter implements GenerationWriter {

  private final RouteTemplates templates;
  private final KnownRoutes known;
  private final IntFunction<PartRows> newRows;
  private final LongSupplier oldestKept;
  private final Map<Integer, PartRows> rowsByPart = new ConcurrentHashMap<>();

  /**
   * @param newRows makes the rows of a partition of the generation
   * @param oldestKept the oldest minute that is not pruned, since 1970 in UTC
   */
  RouteWriter(
      RouteTemplates templates,
      KnownRoutes known,
      IntFunction<PartRows> newRows,
      LongSupplier oldestKept) {
    this.templates = templates;
    this.known = known;
    this.newRows = newRows;
    this.oldestKept = oldestKept;
  }

  @Override
  public void fold(List<ReceivedLog> logs) {
    List<Known> added = new ArrayList<>();
    long oldest = oldestKept.getAsLong();
    sorted(logs, oldest, added)
        .forEach(
            (part, byRow) -> {
              rowsByPart.computeIfAbsent(part, newRows::apply).add(byRow, oldest);
              known.putAway(part);
            });
    known.save(added);
  }

  @Override
  public void forget(int part) {
    rowsByPart.remove(part);
    known.forget(part);
  }

  /**
   * The logs by row. A minute that is pruned already gets no row: a rebuild need not write what is
   * deleted right after. Its routes get their names all the same, as they did the first time.
   */
  private Map<Integer, Map<RouteRow, List<AccessLog>>> sorted(
      List<ReceivedLog> logs, long oldest, List<Known> added) {
    Map<Integer, Map<RouteRow, List<AccessLog>>> byPart = new HashMap<>();
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
}
