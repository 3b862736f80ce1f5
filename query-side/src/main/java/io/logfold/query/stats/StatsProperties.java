package io.logfold.query.stats;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the statistics.
 *
 * @param counts which requests {@code GET /stats} counts
 * @param keepMinutes how long the minutes are kept; hours are kept for ever
 */
@ConfigurationProperties("logfold.stats")
record StatsProperties(
    @DefaultValue("requests") Counts counts, @DefaultValue("8d") Duration keepMinutes) {

  StatsProperties {
    if (keepMinutes.compareTo(Duration.ofDays(8)) < 0) {
      throw new IllegalArgumentException(
          "logfold.stats.keep-minutes is "
              + keepMinutes
              + ", expected 8d or more: a week's answer begins and ends within an hour.");
    }
  }

  /** What there is to count. */
  enum Counts {
    /** Every request, from the rollups. */
    REQUESTS,
    /** Only the rows of the error log, as the seed does; costs a read of each of them. */
    ERRORS
  }
}
