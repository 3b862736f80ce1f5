package io.logfold.query.routes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows of a partition that were written lately, so that a sketch is read back only after it was
 * put away. Not thread-safe.
 */
final class OpenRows {

  /** Some 2 KB each when well filled. */
  private static final int MAX_ROWS = 4_096;

  private final int generation;
  private final int part;
  private final RouteTable table;
  private final Map<RouteRow, RouteFigures> rows = new LinkedHashMap<>(64, 0.75f, true);

  /** Minutes of which every row there is is open: what is not, has had no requests yet. */
  private final Set<Long> whole = new HashSet<>();

  OpenRows(int generation, int part, RouteTable table) {
    this.generation = generation;
    this.part = part;
    this.table = table;
  }

  /** The figures of rows of this partition, read back where there are any. */
  Map<RouteRow, RouteFigures> open(Collection<RouteRow> wanted) {
    readBack(wanted);
    Map<RouteRow, RouteFigures> figures = new HashMap<>();
    for (RouteRow row : wanted) {
      figures.put(row, rows.computeIfAbsent(row, key -> new RouteFigures()));
    }
    return figures;
  }

  void putAwayTheOldest() {
    var oldest = rows.keySet().iterator();
    for (int surplus = rows.size() - MAX_ROWS; surplus > 0; surplus--) {
      whole.remove(oldest.next().minute());
      oldest.remove();
    }
  }

  private void readBack(Collection<RouteRow> wanted) {
    Map<Long, List<RouteRow>> closed = new HashMap<>();
    for (RouteRow row : wanted) {
      if (!whole.contains(row.minute()) && !rows.containsKey(row)) {
        closed.computeIfAbsent(row.minute(), minute -> new ArrayList<>()).add(row);
      }
    }
    closed.forEach(
        (minute, missing) -> {
          if (table.hasRows(generation, minute, part)) {
            rows.putAll(table.find(generation, minute, part, missing));
          } else {
            whole.add(minute);
          }
        });
  }
}
