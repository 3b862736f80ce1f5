package io.logfold.query.judging;

import io.logfold.api.alerts.RuleDefinition;
import java.util.Objects;

/**
 * The statuses that a measure counts apart from the others.
 *
 * @param lowest the lowest of them
 * @param highest the highest of them; below the lowest if there are none
 */
record Hits(int lowest, int highest) {

  private static final Hits NONE = new Hits(1, 0);

  static Hits of(RuleDefinition rule) {
    return switch (rule.measure()) {
      case SERVER_ERROR_SHARE -> new Hits(500, 599);
      case ERROR_SHARE -> new Hits(400, 599);
      case STATUS_COUNT -> new Hits(status(rule), status(rule));
      case LATENCY_P95_MILLIS,
          LATENCY_P99_MILLIS,
          REQUESTS_PER_MINUTE_ABOVE,
          REQUESTS_PER_MINUTE_BELOW ->
          NONE;
    };
  }

  boolean isNone() {
    return this.equals(NONE);
  }

  boolean contains(int status) {
    return status >= lowest && status <= highest;
  }

  private static int status(RuleDefinition rule) {
    return Objects.requireNonNull(rule.status(), "a rule that counts a status names it");
  }
}
