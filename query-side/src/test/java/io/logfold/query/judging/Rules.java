package io.logfold.query.judging;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules to test with. */
final class Rules {

  private Rules() {}

  /** Opens at 5 % and closes at 2 %, each at once, over a minute. */
  static RuleDefinition serverErrors() {
    return rule(Measure.SERVER_ERROR_SHARE, 0.05, 0.02);
  }

  static RuleDefinition rule(Measure measure, double opensAt, double closesAt) {
    Integer status = measure == Measure.STATUS_COUNT ? 503 : null;
    return rule(Scope.ALL, measure, status, 1, opensAt, closesAt, 0, 1, 1);
  }

  static RuleDefinition on(Scope scope, RuleDefinition rule) {
    return rule(
        scope,
        rule.measure(),
        rule.status(),
        rule.windowMinutes(),
        rule.opensAt(),
        rule.closesAt(),
        rule.minimumRequests(),
        rule.opensAfterMinutes(),
        rule.closesAfterMinutes());
  }

  static RuleDefinition over(int windowMinutes, RuleDefinition rule) {
    return rule(
        rule.scope(),
        rule.measure(),
        rule.status(),
        windowMinutes,
        rule.opensAt(),
        rule.closesAt(),
        rule.minimumRequests(),
        rule.opensAfterMinutes(),
        rule.closesAfterMinutes());
  }

  static RuleDefinition holding(int opensAfter, int closesAfter, RuleDefinition rule) {
    return rule(
        rule.scope(),
        rule.measure(),
        rule.status(),
        rule.windowMinutes(),
        rule.opensAt(),
        rule.closesAt(),
        rule.minimumRequests(),
        opensAfter,
        closesAfter);
  }

  static RuleDefinition withAtLeast(long requests, RuleDefinition rule) {
    return rule(
        rule.scope(),
        rule.measure(),
        rule.status(),
        rule.windowMinutes(),
        rule.opensAt(),
        rule.closesAt(),
        requests,
        rule.opensAfterMinutes(),
        rule.closesAfterMinutes());
  }

  static RuleDefinition rule(
      Scope scope,
      Measure measure,
      @Nullable Integer status,
      int windowMinutes,
      double opensAt,
      double closesAt,
      long minimumRequests,
      int opensAfter,
      int closesAfter) {
    return new RuleDefinition(
        "A rule",
        scope,
        measure,
        status,
        windowMinutes,
        opensAt,
        closesAt,
        minimumRequests,
        opensAfter,
        closesAfter,
        null,
        List.of());
  }
}
