package io.logfold.query.judging;

import static java.util.Comparator.comparing;

import io.logfold.api.AccessLog;
import io.logfold.api.alerts.Evidence;
import io.logfold.api.alerts.Evidence.Count;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.query.errorlog.ErrorLogTable;
import io.logfold.query.judging.Watch.Finding;
import io.logfold.query.routes.RouteFigures;
import io.logfold.query.routes.RouteKey;
import io.logfold.query.routes.RouteTable;
import io.logfold.query.routes.RouteTemplates;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what stands behind the crossings of one minute. Of a window longer than an hour it looks
 * at the last hour. When much fails at once many rules cross in the same minute: what they have in
 * common is read once, and after {@value #MAX_READS} reads clients and samples are left out.
 */
final class Evidences {

  private static final int LONGEST_MINUTES = 60;
  private static final int MAX_READS = 20;
  private static final int TOP = 5;
  private static final int SAMPLES = 3;

  private final RouteTable routes;
  private final RouteTemplates templates;
  private final ErrorLogTable errors;
  private final int errorGeneration;
  private final Map<Instant, Map<RouteKey, RouteFigures>> figuresSince = new HashMap<>();
  private final Map<ErrorsAsked, List<AccessLog>> errorsAsked = new HashMap<>();

  Evidences(
      RouteTable routes, RouteTemplates templates, ErrorLogTable errors, int errorGeneration) {
    this.routes = routes;
    this.templates = templates;
    this.errors = errors;
    this.errorGeneration = errorGeneration;
  }

  private record ErrorsAsked(Instant from, @Nullable String source, @Nullable String method) {}

  Evidence of(Finding crossing) {
    RuleDefinition rule = crossing.rule().rule();
    Hits hits = Hits.of(rule);
    Instant until = crossing.minute().plus(Duration.ofMinutes(1));
    Instant from = until.minus(Duration.ofMinutes(Math.min(LONGEST_MINUTES, rule.windowMinutes())));
    Map<String, Long> byRoute = new HashMap<>();
    Map<String, Long> byStatus = new HashMap<>();
    figures(from, until)
        .forEach(
            (key, figures) -> {
              if (ScopePattern.holds(crossing.scope(), key)) {
                count(hits, key, figures, byRoute, byStatus);
              }
            });
    List<AccessLog> failed = errors(from, until, crossing.scope(), hits);
    return new Evidence(
        top(byRoute),
        top(byStatus),
        top(failed.stream().collect(Collectors.groupingBy(AccessLog::ip, Collectors.counting()))),
        failed.stream().limit(SAMPLES).toList());
  }

  private static void count(
      Hits hits,
      RouteKey key,
      RouteFigures figures,
      Map<String, Long> byRoute,
      Map<String, Long> byStatus) {
    figures
        .byStatus()
        .forEach(
            (status, requests) -> {
              if (hits.isNone() || hits.contains(status)) {
                byRoute.merge(key.route(), requests, Long::sum);
                byStatus.merge(status.toString(), requests, Long::sum);
              }
            });
  }

  private static List<Count> top(Map<String, Long> requests) {
    return requests.entrySet().stream()
        .map(entry -> new Count(entry.getKey(), entry.getValue()))
        .sorted(comparing(Count::requests).reversed().thenComparing(Count::value))
        .limit(TOP)
        .toList();
  }

  private Map<RouteKey, RouteFigures> figures(Instant from, Instant until) {
    return figuresSince.computeIfAbsent(
        from,
        since -> {
          Map<RouteKey, RouteFigures> sums = new HashMap<>();
          routes.read(
              since,
              until,
              null,
              null,
              null,
              (minute, key, figures) ->
                  sums.computeIfAbsent(key, each -> new RouteFigures()).merge(figures));
          return sums;
        });
  }

  private List<AccessLog> errors(Instant from, Instant until, Scope scope, Hits hits) {
    return newest(new ErrorsAsked(from, scope.source(), scope.method()), until).stream()
        .filter(log -> hits.isNone() || hits.contains(log.status()))
        .filter(log -> scope.route() == null || scope.route().equals(templates.of(log)))
        .toList();
  }

  private List<AccessLog> newest(ErrorsAsked asked, Instant until) {
    List<AccessLog> known = errorsAsked.get(asked);
    if (known == null) {
      known =
          errorsAsked.size() >= MAX_READS
              ? List.of()
              : errors.newest(errorGeneration, asked.from(), until, asked.source(), asked.method());
      errorsAsked.put(asked, known);
    }
    return known;
  }
}
