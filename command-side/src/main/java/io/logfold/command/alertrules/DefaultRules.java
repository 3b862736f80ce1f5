package io.logfold.command.alertrules;

import io.logfold.api.alerts.AlertRuleCommand;
import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.command.aggregates.AggregateCommands;
import io.logfold.command.web.Refusal;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Two rules for whoever has none, with {@code logfold.alert-rules.defaults}. They are defined once:
 * a rule that was changed, paused or retired since stays as it is.
 *
 * <p>Their thresholds lie between what the generator's usual traffic and its outage measure, so
 * that the outage opens them and nothing else does. A tenth of its requests always fail. Its outage
 * lasts a minute and strikes 6 of 18 requests that POST, and 5 of 81 that GET, of which then 64 %
 * fail: over a minute 28 % of the POSTs and 13 % of the GETs. Two minutes hold all of it whenever
 * it begins: 19 % of the POSTs. Of 1,000 requests of which a tenth fails by chance, 15 % fail less
 * than once in a million times.
 */
@Component
@ConditionalOnProperty("logfold.alert-rules.defaults")
class DefaultRules {

  static final Map<String, RuleDefinition> RULES =
      Map.of(
          "server-errors",
          new RuleDefinition(
              "Server errors",
              new Scope(Scope.EACH, null, Scope.EACH),
              Measure.SERVER_ERROR_SHARE,
              null,
              2,
              0.15,
              0.12,
              1_000,
              1,
              2,
              null,
              List.of()),
          "slow-requests",
          new RuleDefinition(
              "Slow requests",
              new Scope(Scope.EACH, null, null),
              Measure.LATENCY_P99_MILLIS,
              null,
              2,
              2_000,
              1_000,
              1_000,
              1,
              2,
              null,
              List.of()));

  private static final Logger log = LoggerFactory.getLogger(DefaultRules.class);

  private final AggregateCommands commands;

  DefaultRules(AggregateCommands commands) {
    this.commands = commands;
  }

  @EventListener(ApplicationReadyEvent.class)
  void define() {
    RULES.forEach(this::define);
  }

  private void define(String id, RuleDefinition rule) {
    try {
      commands.send(new AlertRuleCommand.Define(id, rule), "alert rule '%s'".formatted(id));
    } catch (Refusal refusal) {
      if (refusal.status() != HttpStatus.CONFLICT) {
        log.warn("The default rule {} was not defined: {}", id, refusal.sentence());
      }
    }
  }
}
