package io.logfold.query.routes;

import io.logfold.api.routes.FindRoutes;
import io.logfold.api.routes.RouteReport;
import io.logfold.query.fold.Generations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Answers how each route does. */
@Component
class RouteQueries {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static final Comparator<RouteReport.Route> MOST_REQUESTS_FIRST =
      Comparator.comparingLong(RouteReport.Route::requests)
          .reversed()
          .thenComparing(RouteReport.Route::source)
          .thenComparing(RouteReport.Route::route)
          .thenComparing(RouteReport.Route::method);

  private final RouteTable table;
  private final Generations generations;
  private final Clock clock;

  RouteQueries(RouteTable table, Generations generations, Clock clock) {
    this.table = table;
    this.generations = generations;
    this.clock = clock;
  }

  @QueryHandler
  @Cacheable(cacheNames = RouteProjection.NAME, keyGenerator = "answerKeys", sync = true)
  @Transactional(readOnly = true)
  public RouteReport handle(FindRoutes query) {
    Instant now = clock.instant();
    Map<RouteKey, RouteFigures> totals = totals(query, now);
    List<RouteReport.Route> most =
        totals.entrySet().stream()
            .map(entry -> route(entry.getKey(), entry.getValue()))
            .sorted(MOST_REQUESTS_FIRST)
            .limit(query.limit())
            .toList();
    return new RouteReport(most, totals.size(), generations.asOf(RouteProjection.NAME, now));
  }

  private Map<RouteKey, RouteFigures> totals(FindRoutes query, Instant now) {
    Instant until = now.truncatedTo(ChronoUnit.MINUTES).plus(MINUTE);
    Map<RouteKey, RouteFigures> totals = new HashMap<>();
    table.read(
        until.minus(query.range().length()),
        until,
        query.source(),
        null,
        null,
        (minute, key, figures) ->
            totals.computeIfAbsent(key, first -> new RouteFigures()).merge(figures));
    return totals;
  }

  private static RouteReport.Route route(RouteKey key, RouteFigures figures) {
    return new RouteReport.Route(
        key.source(),
        key.route(),
        key.method(),
        figures.requests(),
        figures.requestsWith(status -> status >= 500),
        (double) figures.requestsWith(status -> status >= 400) / figures.requests(),
        figures.latencyMicros(0.5),
        figures.latencyMicros(0.95),
        figures.latencyMicros(0.99));
  }
}
