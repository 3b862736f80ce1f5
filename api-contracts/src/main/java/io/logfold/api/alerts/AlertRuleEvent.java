package io.logfold.api.alerts;

import org.axonframework.serialization.Revision;

/** What happened to an alert rule; the event's own time says when. */
public sealed interface AlertRuleEvent {

  /** The rule's id, for ever. */
  String ruleId();

  /** It is judged from now on. */
  @Revision("1")
  record Defined(String ruleId, RuleDefinition rule) implements AlertRuleEvent {}

  /** Another definition holds from now on. */
  @Revision("1")
  record Changed(String ruleId, RuleDefinition rule) implements AlertRuleEvent {}

  /** It is not judged until it is resumed. */
  @Revision("1")
  record Paused(String ruleId) implements AlertRuleEvent {}

  /** It is judged again. */
  @Revision("1")
  record Resumed(String ruleId) implements AlertRuleEvent {}

  /** It is never judged again. */
  @Revision("1")
  record Retired(String ruleId) implements AlertRuleEvent {}
}
