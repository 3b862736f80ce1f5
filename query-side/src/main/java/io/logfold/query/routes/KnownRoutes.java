package io.logfold.query.routes;

import io.logfold.query.routes.KnownRouteTable.Known;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cap of routes in a generation: of each source the first so many routes of a partition, in log
 * order, have a name of their own, for good; the later ones are {@code (other)} together. What the
 * table says decides, so a restart or a rebuild names the same ones. A partition's routes are asked
 * for by one thread at a time.
 */
final class KnownRoutes {

  /** Stands for the routes beyond the cap. */
  static final String OTHER = "(other)";

  /** Routes of a partition kept in memory, some 150 bytes each; the others are read again. */
  private static final int KEPT = 50_000;

  private final KnownRouteTable table;
  private final int generation;
  private final int maxPerSource;
  private final Map<Integer, Map<String, Map<String, String>>> byPart = new ConcurrentHashMap<>();

  KnownRoutes(KnownRouteTable table, int generation, int maxPerSource) {
    this.table = table;
    this.generation = generation;
    this.maxPerSource = maxPerSource;
  }

  /**
   * The name that a route is counted under: itself or {@code (other)}.
   *
   * @param added where a route is put that gets its name by this call: the caller saves them
   */
  String name(int part, String source, String route, List<Known> added) {
    Map<String, String> routes =
        byPart
            .computeIfAbsent(part, key -> new LinkedHashMap<>(16, 0.75f, true))
            .computeIfAbsent(source, key -> stored(part, key));
    String known = routes.get(route);
    if (known != null) {
      return known;
    }
    if (routes.size() >= maxPerSource || route.equals(OTHER)) {
      return OTHER;
    }
    routes.put(route, route);
    added.add(new Known(part, source, route));
    return route;
  }

  /** Saves what got a name, in the transaction of the rows that bear it. */
  void save(List<Known> added) {
    table.add(generation, added);
  }

  /** Puts away the sources that were silent for the longest time, if there are too many routes. */
  void putAway(int part) {
    Map<String, Map<String, String>> bySource = byPart.getOrDefault(part, Map.of());
    int kept = bySource.values().stream().mapToInt(Map::size).sum();
    var silent = bySource.values().iterator();
    while (kept > KEPT && silent.hasNext()) {
      kept -= silent.next().size();
      silent.remove();
    }
  }

  void forget(int part) {
    byPart.remove(part);
  }

  private Map<String, String> stored(int part, String source) {
    Map<String, String> routes = new HashMap<>();
    table.routes(generation, part, source).forEach(route -> routes.put(route, route));
    return routes;
  }
}
