package io.logfold.api.routes;

import java.time.Duration;

/** A rolling range: the current minute and the whole minutes before it. */
public enum RouteRange {
  HOUR(Duration.ofHours(1)),
  DAY(Duration.ofDays(1));

  private final Duration length;

  RouteRange(Duration length) {
    this.length = length;
  }

  /** How far back it reaches, the current minute included. */
  public Duration length() {
    return length;
  }
}
