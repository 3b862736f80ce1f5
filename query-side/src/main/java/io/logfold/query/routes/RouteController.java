package io.logfold.query.routes;

import io.logfold.api.routes.FindRoutes;
import io.logfold.api.routes.RouteRange;
import io.logfold.api.routes.RouteReport;
import io.logfold.query.web.CachedAnswers;
import io.logfold.query.web.Parameters;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /routes}: the routes of the last hour or day, those with most requests first. */
@RestController
class RouteController {

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 1_000;

  private final QueryGateway queries;
  private final CachedAnswers answers;

  RouteController(QueryGateway queries, CachedAnswers answers) {
    this.queries = queries;
    this.answers = answers;
  }

  /** The routes, and how many there are. */
  record Answer(List<Row> data, Meta meta) {}

  /** A route; its share to four places, its latencies in milliseconds, to three. */
  record Row(
      String source,
      String route,
      String method,
      long requests,
      long failures,
      BigDecimal errorShare,
      BigDecimal p50,
      BigDecimal p95,
      BigDecimal p99) {

    static Row of(RouteReport.Route route) {
      return new Row(
          route.source(),
          route.route(),
          route.method(),
          route.requests(),
          route.failures(),
          BigDecimal.valueOf(route.errorShare()).setScale(4, RoundingMode.HALF_UP),
          millis(route.p50Micros()),
          millis(route.p95Micros()),
          millis(route.p99Micros()));
    }

    private static BigDecimal millis(long micros) {
      return BigDecimal.valueOf(micros, 3);
    }
  }

  /** Routes that had requests, routes asked for. */
  record Meta(int total, int limit) {}

  @GetMapping("/routes")
  CompletableFuture<ResponseEntity<Answer>> find(@RequestParam MultiValueMap<String, String> raw) {
    Parameters parameters = new Parameters(raw, "range", "source", "limit");
    FindRoutes query =
        new FindRoutes(
            parameters.oneOf("range", RouteRange.class, RouteRange.HOUR),
            parameters.text("source", 64),
            parameters.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT));
    Instant asked = answers.now();
    return queries
        .query(query, RouteReport.class)
        .thenApply(report -> answers.respond(answer(report, query), asked, report.asOf()));
  }

  private static Answer answer(RouteReport report, FindRoutes query) {
    return new Answer(
        report.routes().stream().map(Row::of).toList(), new Meta(report.total(), query.limit()));
  }
}
