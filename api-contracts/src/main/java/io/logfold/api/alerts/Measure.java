package io.logfold.api.alerts;

/** What a rule measures over its window. The name says the unit of its thresholds. */
public enum Measure {
  /** Requests answered 5xx, as a share of all: 0 to 1. */
  SERVER_ERROR_SHARE,
  /** Requests answered 4xx or 5xx, as a share of all: 0 to 1. */
  ERROR_SHARE,
  /** Requests answered with the rule's status, in the window. */
  STATUS_COUNT,
  /** The latency that 95 % of the requests did not exceed, in milliseconds. */
  LATENCY_P95_MILLIS,
  /** The latency that 99 % of the requests did not exceed, in milliseconds. */
  LATENCY_P99_MILLIS,
  /** Requests a minute, on average over the window; opens when above. */
  REQUESTS_PER_MINUTE_ABOVE,
  /** Requests a minute, on average over the window; opens when below. */
  REQUESTS_PER_MINUTE_BELOW;

  /** Whether the threshold is crossed downwards. */
  public boolean opensBelow() {
    return this == REQUESTS_PER_MINUTE_BELOW;
  }
}
