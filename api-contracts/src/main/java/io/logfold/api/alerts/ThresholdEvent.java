package io.logfold.api.alerts;

import java.time.Instant;
import org.axonframework.serialization.Revision;

/**
 * The read side found that a measure crossed a rule's threshold. It may be told more than once, in
 * the order of its minutes: (rule, scope, minute) names it for ever.
 */
public sealed interface ThresholdEvent {

  /** The rule that was judged. */
  String ruleId();

  /** The requests that were measured; no field is {@code *}. */
  Scope scope();

  /** Beginning of the last minute of the window that was judged. */
  Instant minute();

  /** What names the event for ever. */
  default String id() {
    return alarm() + " " + minute();
  }

  /** Rule and scope as one text: there is at most one open incident for it. */
  default String alarm() {
    return ruleId() + " " + scope().key();
  }

  /**
   * The opening threshold is crossed; again while it is, when the measure got worse by half.
   *
   * @param rule the rule as it was judged
   * @param value the measure over the window that ends with the minute, in the measure's unit
   * @param requests requests in that window
   */
  @Revision("1")
  record Crossed(
      String ruleId,
      RuleDefinition rule,
      Scope scope,
      Instant minute,
      double value,
      long requests,
      Evidence evidence)
      implements ThresholdEvent {}

  /**
   * The closing threshold held for as long as the rule asks.
   *
   * @param value the measure over the window that ends with the minute, in the measure's unit
   * @param requests requests in that window
   */
  @Revision("1")
  record Cleared(String ruleId, Scope scope, Instant minute, double value, long requests)
      implements ThresholdEvent {}
}
