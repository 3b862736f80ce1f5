package io.logfold.query.judging;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;

/**
 * What a rule says of one scope in one minute, given what it said before. It knows no clock and no
 * table: live minutes and previews are judged by the same few lines.
 *
 * <p>Between the two thresholds nothing changes and both rows of minutes begin anew; so a measure
 * that swings around one threshold opens once and does not close.
 */
final class Judge {

  /** While it is open it is told again when it got worse by half. */
  private static final double WORSE = 1.5;

  private Judge() {}

  /** Whether there is something to tell. */
  enum Verdict {
    NOTHING,
    CROSSED,
    CLEARED
  }

  /**
   * What follows from a minute.
   *
   * @param state how the rule stands towards the scope from now on
   */
  record Outcome(ScopeState state, Verdict verdict) {}

  /**
   * Judges a minute.
   *
   * @param before the state after the minute before
   * @param value the measure over the window that ends with the minute, in its unit
   * @param requests requests in that window
   */
  static Outcome judge(RuleDefinition rule, ScopeState before, double value, long requests) {
    boolean opens = saysOpen(rule, value, requests);
    if (before.open()) {
      return opens ? stillBad(rule, before, value) : closing(rule, before, value, requests);
    }
    return opens ? opening(rule, before, value) : new Outcome(ScopeState.CALM, Verdict.NOTHING);
  }

  private static Outcome opening(RuleDefinition rule, ScopeState before, double value) {
    int inARow = before.inARow() + 1;
    return inARow >= rule.opensAfterMinutes()
        ? new Outcome(ScopeState.open(value), Verdict.CROSSED)
        : new Outcome(ScopeState.opening(inARow), Verdict.NOTHING);
  }

  private static Outcome stillBad(RuleDefinition rule, ScopeState before, double value) {
    return isWorse(rule.measure(), value, before.worst())
        ? new Outcome(ScopeState.open(value), Verdict.CROSSED)
        : new Outcome(before.anew(), Verdict.NOTHING);
  }

  private static Outcome closing(
      RuleDefinition rule, ScopeState before, double value, long requests) {
    if (!saysClose(rule, value, requests)) {
      return new Outcome(before.anew(), Verdict.NOTHING);
    }
    int inARow = before.inARow() + 1;
    return inARow >= rule.closesAfterMinutes()
        ? new Outcome(ScopeState.CALM, Verdict.CLEARED)
        : new Outcome(before.closing(inARow), Verdict.NOTHING);
  }

  private static boolean saysOpen(RuleDefinition rule, double value, long requests) {
    if (rule.measure().opensBelow()) {
      return value <= rule.opensAt();
    }
    return requests > 0 && requests >= rule.minimumRequests() && value >= rule.opensAt();
  }

  private static boolean saysClose(RuleDefinition rule, double value, long requests) {
    if (rule.measure().opensBelow()) {
      return value >= rule.closesAt();
    }
    return requests == 0 || value <= rule.closesAt();
  }

  private static boolean isWorse(Measure measure, double value, double worst) {
    return measure.opensBelow() ? value < worst / WORSE : value > worst * WORSE;
  }
}
