package io.logfold.query.alertrules;

import io.logfold.api.alerts.AlertRuleReport;
import io.logfold.api.alerts.FindAlertRule;
import io.logfold.api.alerts.FindAlertRules;
import io.logfold.query.fold.Generations;
import java.util.List;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Answers which alert rules there are; never from a cache: rows are few, and were just changed. */
@Component
class AlertRuleQueries {

  private final AlertRuleTable table;
  private final Generations generations;

  AlertRuleQueries(AlertRuleTable table, Generations generations) {
    this.table = table;
    this.generations = generations;
  }

  @QueryHandler
  @Transactional(readOnly = true)
  public List<AlertRuleReport> handle(FindAlertRules query) {
    return table.find(generations.live(AlertRuleProjection.NAME), query.retired());
  }

  @QueryHandler
  @Transactional(readOnly = true)
  public Optional<AlertRuleReport> handle(FindAlertRule query) {
    return Optional.ofNullable(
            table.find(generations.live(AlertRuleProjection.NAME), query.ruleId()))
        .map(AlertRuleTable.Row::rule);
  }
}
