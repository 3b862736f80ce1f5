package io.logfold.query.judging;

import io.logfold.api.alerts.PreviewAlertRule;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.RulePreview;
import io.logfold.query.web.BadParameter;
import io.logfold.query.web.Parameters;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /alert-rules/preview}: what a rule would have said of the last hour or day. */
@RestController
class PreviewController {

  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final QueryGateway queries;
  private final JsonMapper json;
  private final JudgingProperties properties;
  private final Clock clock;

  PreviewController(
      QueryGateway queries, JsonMapper json, JudgingProperties properties, Clock clock) {
    this.queries = queries;
    this.json = json;
    this.properties = properties;
    this.clock = clock;
  }

  /** How far back. */
  enum Range {
    HOUR(Duration.ofHours(1)),
    DAY(Duration.ofDays(1));

    private final Duration length;

    Range(Duration length) {
      this.length = length;
    }
  }

  @PostMapping(path = "/alert-rules/preview", consumes = MediaType.APPLICATION_JSON_VALUE)
  CompletableFuture<ResponseEntity<RulePreview>> preview(
      @RequestParam MultiValueMap<String, String> raw, InputStream body) throws IOException {
    Range range = new Parameters(raw, "range").oneOf("range", Range.class, Range.DAY);
    return queries
        .query(query(rule(body), range), RulePreview.class)
        .thenApply(answer -> ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(answer));
  }

  private RuleDefinition rule(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BODY_BYTES + 1);
    if (bytes.length > MAX_BODY_BYTES) {
      throw new BadParameter("body", "The body is longer than %d bytes.".formatted(MAX_BODY_BYTES));
    }
    return new RuleBody(json, bytes).rule();
  }

  /** Minutes that are closed, as live judging takes them. */
  private PreviewAlertRule query(RuleDefinition rule, Range range) {
    Instant until = clock.instant().minus(properties.grace()).truncatedTo(ChronoUnit.MINUTES);
    return new PreviewAlertRule(rule, until.minus(range.length), until);
  }
}
