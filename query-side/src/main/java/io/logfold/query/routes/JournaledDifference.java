package io.logfold.query.routes;

import io.logfold.query.fold.GenerationDiff;
import io.logfold.query.fold.GenerationDiff.Figure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compares the minutes of two generations that their journals add to. Not thread-safe. */
final class JournaledDifference {

  private static final int EXAMPLES = 5;

  private final Map<String, RouteFigures> before = new TreeMap<>();
  private final Map<String, RouteFigures> after = new TreeMap<>();

  void before(Instant minute, RouteKey key, RouteFigures figures) {
    before.put(text(minute, key), figures);
  }

  void after(Instant minute, RouteKey key, RouteFigures figures) {
    after.put(text(minute, key), figures);
  }

  /** All requests together: the other figures are of the rows that are written. */
  List<Figure> figures() {
    return List.of(new Figure("requests of the last minutes", requests(before), requests(after)));
  }

  GenerationDiff.Rows rows() {
    List<String> onlyBefore = lacking(before, after);
    List<String> onlyAfter = lacking(after, before);
    long changed =
        before.entrySet().stream()
            .filter(each -> differs(each.getValue(), after.get(each.getKey())))
            .count();
    return new GenerationDiff.Rows(
        "route_minute and route_journal",
        onlyBefore.size(),
        onlyAfter.size(),
        changed,
        onlyBefore.stream().limit(EXAMPLES).toList(),
        onlyAfter.stream().limit(EXAMPLES).toList());
  }

  private static boolean differs(RouteFigures one, @Nullable RouteFigures other) {
    return other != null && !one.isLike(other);
  }

  private static List<String> lacking(
      Map<String, RouteFigures> all, Map<String, RouteFigures> there) {
    List<String> lacking = new ArrayList<>(all.keySet());
    lacking.removeAll(there.keySet());
    return lacking;
  }

  private static long requests(Map<String, RouteFigures> figures) {
    return figures.values().stream().mapToLong(RouteFigures::requests).sum();
  }

  private static String text(Instant minute, RouteKey key) {
    return "bucket %s, source %s, route %s, method %s"
        .formatted(minute, key.source(), key.route(), key.method());
  }
}
