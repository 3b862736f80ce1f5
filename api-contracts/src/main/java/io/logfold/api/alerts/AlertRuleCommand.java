package io.logfold.api.alerts;

import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What can be asked of an alert rule. A repeated command changes nothing and is no error. */
public sealed interface AlertRuleCommand {

  /** The rule's id: 1 to 64 of {@code a-z 0-9 -}, chosen by whoever defines it. */
  String ruleId();

  /** Make a rule; refused when the id names another definition, or one that was retired. */
  record Define(@TargetAggregateIdentifier String ruleId, RuleDefinition rule)
      implements AlertRuleCommand {}

  /** Replace its definition. */
  record Change(@TargetAggregateIdentifier String ruleId, RuleDefinition rule)
      implements AlertRuleCommand {}

  /** Stop judging; open incidents of the rule end. */
  record Pause(@TargetAggregateIdentifier String ruleId) implements AlertRuleCommand {}

  /** Judge again, from now on. */
  record Resume(@TargetAggregateIdentifier String ruleId) implements AlertRuleCommand {}

  /** Never judge again; its history stays. */
  record Retire(@TargetAggregateIdentifier String ruleId) implements AlertRuleCommand {}
}
