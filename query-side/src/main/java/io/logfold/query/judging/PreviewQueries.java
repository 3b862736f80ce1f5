package io.logfold.query.judging;

import io.logfold.api.alerts.PreviewAlertRule;
import io.logfold.api.alerts.RulePreview;
import io.logfold.api.alerts.Scope;
import io.logfold.query.alertrules.ActiveRule;
import io.logfold.query.routes.RouteTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.stereotype.Component;

/**
 * Answers what a rule would have said, from calm: a {@link Watch} of its own goes over the minutes.
 * One preview at a time: it takes a rule's windows in memory and a second or more.
 */
@Component
class PreviewQueries {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MAX_FINDINGS = 1_000;

  private final RouteTable routes;

  PreviewQueries(RouteTable routes) {
    this.routes = routes;
  }

  @QueryHandler
  public synchronized RulePreview handle(PreviewAlertRule query) {
    List<ActiveRule> rules = List.of(new ActiveRule("preview", query.rule()));
    Watch watch = new Watch(rows(query.rule().scope()), query.from(), List.of());
    List<RulePreview.Finding> findings = new ArrayList<>();
    long total = 0;
    int minutes = 0;
    while (!watch.next().plus(MINUTE).isAfter(query.until())) {
      List<Watch.Finding> found = watch.judge(rules).findings();
      found.stream()
          .limit(MAX_FINDINGS - findings.size())
          .map(PreviewQueries::shown)
          .forEach(findings::add);
      total += found.size();
      minutes++;
    }
    return new RulePreview(minutes, watch.scopes(), findings, total);
  }

  /** Only the rows that the rule can mean. */
  private MinuteRows rows(Scope scope) {
    return (from, until, reader) ->
        routes.read(
            from,
            until,
            ScopePattern.only(scope.source()),
            ScopePattern.only(scope.route()),
            ScopePattern.only(scope.method()),
            reader);
  }

  private static RulePreview.Finding shown(Watch.Finding finding) {
    return new RulePreview.Finding(
        finding.scope(), finding.minute(), finding.crossed(), finding.value(), finding.requests());
  }
}
