package io.logfold.api.alerts;

import java.time.Instant;

/**
 * A rule as it stands.
 *
 * @param since when it came into its state
 * @param changedAt when its definition was last changed
 */
public record AlertRuleReport(
    String ruleId, RuleDefinition rule, State state, Instant since, Instant changedAt) {

  /** What a rule can be. */
  public enum State {
    /** It is judged every minute. */
    ACTIVE,
    /** It is not judged for now. */
    PAUSED,
    /** It is never judged again. */
    RETIRED
  }
}
