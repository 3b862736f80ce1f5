package io.logfold.query.alertrules;

import io.logfold.api.alerts.AlertRuleReport;
import io.logfold.api.alerts.FindAlertRule;
import io.logfold.api.alerts.FindAlertRules;
import io.logfold.query.web.NotFound;
import io.logfold.query.web.Parameters;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /alert-rules}: what is watched. They are defined on the write side. */
@RestController
class AlertRuleController {

  private final QueryGateway queries;

  AlertRuleController(QueryGateway queries) {
    this.queries = queries;
  }

  /** The rules, by id. */
  record Rules(List<AlertRuleReport> rules) {}

  @GetMapping("/alert-rules")
  CompletableFuture<ResponseEntity<Rules>> find(@RequestParam MultiValueMap<String, String> raw) {
    FindAlertRules query =
        new FindAlertRules(new Parameters(raw, "retired").flag("retired", false));
    return queries
        .query(query, ResponseTypes.multipleInstancesOf(AlertRuleReport.class))
        .thenApply(rules -> fresh(new Rules(rules)));
  }

  @GetMapping("/alert-rules/{id}")
  CompletableFuture<ResponseEntity<AlertRuleReport>> find(@PathVariable("id") String id) {
    return queries
        .query(new FindAlertRule(id), ResponseTypes.optionalInstanceOf(AlertRuleReport.class))
        .thenApply(
            found -> fresh(found.orElseThrow(() -> new NotFound("There is no such alert rule."))));
  }

  private static <T> ResponseEntity<T> fresh(T body) {
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
  }
}
