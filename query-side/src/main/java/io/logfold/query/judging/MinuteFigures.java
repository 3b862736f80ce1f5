package io.logfold.query.judging;

import io.logfold.api.alerts.Scope;
import io.logfold.query.routes.RouteFigures;
import io.logfold.query.routes.RouteKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** A minute's rows, added up to the scopes that rules ask for. Not thread-safe. */
final class MinuteFigures {

  private final Map<Integer, Map<Scope, RouteFigures>> byFields = new HashMap<>();

  /**
   * Begins an empty minute.
   *
   * @param fields which fields tell scopes apart, each as in {@link ScopePattern#fields}
   */
  MinuteFigures(Collection<Integer> fields) {
    fields.forEach(each -> byFields.put(each, new HashMap<>()));
  }

  void add(RouteKey key, RouteFigures figures) {
    byFields.forEach(
        (fields, scopes) ->
            scopes
                .computeIfAbsent(ScopePattern.scopeOf(key, fields), scope -> new RouteFigures())
                .merge(figures));
  }

  /** The scopes that are told apart by some fields. */
  Map<Scope, RouteFigures> of(int fields) {
    return byFields.getOrDefault(fields, Map.of());
  }

  Collection<Map<Scope, RouteFigures>> all() {
    return byFields.values();
  }
}
