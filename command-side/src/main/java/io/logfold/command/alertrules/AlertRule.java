package io.logfold.command.alertrules;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.logfold.api.alerts.AlertRuleCommand;
import io.logfold.api.alerts.AlertRuleEvent;
import io.logfold.api.alerts.AlertRuleReport.State;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.command.aggregates.Conflict;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A rule. It is retired and never deleted, since incidents speak of it for ever. It has no
 * snapshots: people change it, so its events are few.
 */
@Aggregate
class AlertRule {

  @AggregateIdentifier private @Nullable String ruleId;
  private @Nullable RuleDefinition rule;
  private State state = State.ACTIVE;

  AlertRule() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void handle(AlertRuleCommand.Define command) {
    RuleLimits.check(command.ruleId(), command.rule());
    if (rule == null) {
      apply(new AlertRuleEvent.Defined(command.ruleId(), command.rule()));
      return;
    }
    refuseWhenRetired();
    if (!command.rule().equals(rule)) {
      throw new Conflict(
          "rule-exists",
          "There is an alert rule '%s' of another definition; change it with PUT /alert-rules/%s, or choose another id."
              .formatted(ruleId, ruleId));
    }
  }

  @CommandHandler
  void handle(AlertRuleCommand.Change command) {
    RuleLimits.check(command.ruleId(), command.rule());
    refuseWhenRetired();
    if (!command.rule().equals(rule)) {
      apply(new AlertRuleEvent.Changed(command.ruleId(), command.rule()));
    }
  }

  @CommandHandler
  void handle(AlertRuleCommand.Pause command) {
    refuseWhenRetired();
    if (state != State.PAUSED) {
      apply(new AlertRuleEvent.Paused(command.ruleId()));
    }
  }

  @CommandHandler
  void handle(AlertRuleCommand.Resume command) {
    refuseWhenRetired();
    if (state != State.ACTIVE) {
      apply(new AlertRuleEvent.Resumed(command.ruleId()));
    }
  }

  @CommandHandler
  void handle(AlertRuleCommand.Retire command) {
    if (state != State.RETIRED) {
      apply(new AlertRuleEvent.Retired(command.ruleId()));
    }
  }

  @EventSourcingHandler
  void on(AlertRuleEvent.Defined event) {
    ruleId = event.ruleId();
    rule = event.rule();
  }

  @EventSourcingHandler
  void on(AlertRuleEvent.Changed event) {
    rule = event.rule();
  }

  @EventSourcingHandler
  void on(AlertRuleEvent.Paused event) {
    state = State.PAUSED;
  }

  @EventSourcingHandler
  void on(AlertRuleEvent.Resumed event) {
    state = State.ACTIVE;
  }

  @EventSourcingHandler
  void on(AlertRuleEvent.Retired event) {
    state = State.RETIRED;
  }

  private void refuseWhenRetired() {
    if (state == State.RETIRED) {
      throw new Conflict(
          "rule-retired",
          "The alert rule '%s' is retired for ever; define a new one.".formatted(ruleId));
    }
  }
}
