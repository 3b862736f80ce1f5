package io.logfold.query.errorlog;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.logfold.api.errorlog.ErrorLogPage;
import io.logfold.api.errorlog.ErrorLogPage.ErrorLog;
import io.logfold.api.errorlog.FindErrorLogs;
import io.logfold.query.web.CachedAnswers;
import io.logfold.query.web.Parameters;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /logs}: the logs that failed, newest first. */
@RestController
class ErrorLogController {

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 1_000;
  private static final int MAX_OFFSET = 10_000_000;

  private final QueryGateway queries;
  private final CachedAnswers answers;

  ErrorLogController(QueryGateway queries, CachedAnswers answers) {
    this.queries = queries;
    this.answers = answers;
  }

  /** A page as the seed writes it. */
  record Page(List<Row> data, Meta meta) {}

  /** A row as the seed writes it: latency in whole milliseconds. */
  @JsonPropertyOrder({"id", "Timestamp", "IP", "Method", "Path", "Status", "LatencyMs"})
  record Row(
      @JsonProperty("id") long id,
      @JsonProperty("Timestamp") Instant timestamp,
      @JsonProperty("IP") String ip,
      @JsonProperty("Method") String method,
      @JsonProperty("Path") String path,
      @JsonProperty("Status") int status,
      @JsonProperty("LatencyMs") long latencyMillis) {

    static Row of(ErrorLog error) {
      return new Row(
          error.id(),
          error.log().time(),
          error.log().ip(),
          error.log().method(),
          error.log().path(),
          error.log().status(),
          Math.round(error.log().latencyMicros() / 1_000.0));
    }
  }

  /** Where the page stands: rows that match, rows asked for, rows skipped. */
  record Meta(long total, int limit, int offset) {}

  @GetMapping("/logs")
  CompletableFuture<ResponseEntity<Page>> find(@RequestParam MultiValueMap<String, String> raw) {
    FindErrorLogs query = query(raw);
    Instant asked = answers.now();
    return queries
        .query(query, ErrorLogPage.class)
        .thenApply(page -> answers.respond(page(page, query), asked, page.asOf()));
  }

  private static FindErrorLogs query(MultiValueMap<String, String> raw) {
    Parameters parameters =
        new Parameters(
            raw, "ip", "status", "method", "path", "source", "from", "to", "limit", "offset");
    FindErrorLogs query =
        new FindErrorLogs(
            parameters.text("ip", 255),
            parameters.integer("status", 100, 599),
            parameters.text("method", 32),
            parameters.text("path", 2_048),
            parameters.text("source", 64),
            parameters.time("from"),
            parameters.time("to"),
            parameters.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT),
            parameters.integer("offset", 0, MAX_OFFSET, 0));
    parameters.requireOrder("from", query.from(), "to", query.to());
    return query;
  }

  private static Page page(ErrorLogPage page, FindErrorLogs query) {
    return new Page(
        page.logs().stream().map(Row::of).toList(),
        new Meta(page.total(), query.limit(), query.offset()));
  }
}
