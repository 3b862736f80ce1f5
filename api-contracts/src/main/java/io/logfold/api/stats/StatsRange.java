package io.logfold.api.stats;

import java.time.Duration;

/** A rolling range: the current minute and the whole minutes before it. */
public enum StatsRange {
  HOUR(Duration.ofHours(1)),
  DAY(Duration.ofDays(1)),
  WEEK(Duration.ofDays(7));

  private final Duration length;

  StatsRange(Duration length) {
    this.length = length;
  }

  /** How far back it reaches, the current minute included. */
  public Duration length() {
    return length;
  }
}
