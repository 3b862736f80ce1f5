package io.logfold.query.stats;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.logfold.api.stats.FindStats;
import io.logfold.api.stats.StatsRange;
import io.logfold.api.stats.StatsReport;
import io.logfold.query.stats.StatsProperties.Counts;
import io.logfold.query.web.BadParameter;
import io.logfold.query.web.CachedAnswers;
import io.logfold.query.web.Parameters;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /stats}: errors, traffic or latency of the last hour, day or week. */
@RestController
class StatsController {

  private final QueryGateway queries;
  private final CachedAnswers answers;
  private final StatsProperties properties;

  StatsController(QueryGateway queries, CachedAnswers answers, StatsProperties properties) {
    this.queries = queries;
    this.answers = answers;
    this.properties = properties;
  }

  /** Which figures of the report are shown; the first three are the seed's. */
  enum Type {
    ERRORS,
    TRAFFIC,
    LATENCY,
    QUANTILES
  }

  /** An answer as the seed writes it. */
  record Answer(String type, Object data) {}

  /** How much came in. */
  record Traffic(
      @JsonProperty("total_request") long totalRequest,
      @JsonProperty("unique_ips") long uniqueIps) {}

  /** Milliseconds: the mean to four places, the maximum whole. */
  record Latency(
      @JsonProperty("avg_latency") BigDecimal avgLatency,
      @JsonProperty("max_latency") long maxLatency) {}

  /** Milliseconds, to three places. */
  record Quantiles(
      BigDecimal p50, BigDecimal p90, BigDecimal p95, BigDecimal p99, BigDecimal p999) {}

  @GetMapping("/stats")
  CompletableFuture<ResponseEntity<Answer>> find(@RequestParam MultiValueMap<String, String> raw) {
    Parameters parameters = new Parameters(raw, "type", "range", "source");
    Type type = answerable(parameters.oneOf("type", Type.class, Type.ERRORS));
    FindStats query =
        new FindStats(
            parameters.oneOf("range", StatsRange.class, StatsRange.HOUR),
            parameters.text("source", 64));
    Instant asked = answers.now();
    return queries
        .query(query, StatsReport.class)
        .thenApply(
            report ->
                answers.respond(
                    new Answer(type.name().toLowerCase(Locale.ROOT), shown(type, report)),
                    asked,
                    report.asOf()));
  }

  private Type answerable(Type type) {
    if (type == Type.QUANTILES && properties.counts() == Counts.ERRORS) {
      throw new BadParameter(
          "type",
          "'type' is 'quantiles', expected one of errors, traffic, latency: logfold.stats.counts is"
              + " 'errors', and quantiles are kept only of all requests together.");
    }
    return type;
  }

  private static Object shown(Type type, StatsReport report) {
    StatsReport.Latency latency = report.latency();
    return switch (type) {
      case ERRORS -> report.errorsByStatus();
      case TRAFFIC -> new Traffic(report.requests(), report.distinctIps());
      case LATENCY ->
          new Latency(millis(latency.meanMicros(), 4), Math.round(latency.maxMicros() / 1_000.0));
      case QUANTILES ->
          new Quantiles(
              millis((double) latency.p50Micros(), 3),
              millis((double) latency.p90Micros(), 3),
              millis((double) latency.p95Micros(), 3),
              millis((double) latency.p99Micros(), 3),
              millis((double) latency.p999Micros(), 3));
    };
  }

  private static BigDecimal millis(double micros, int places) {
    return BigDecimal.valueOf(micros / 1_000).setScale(places, RoundingMode.HALF_UP);
  }
}
