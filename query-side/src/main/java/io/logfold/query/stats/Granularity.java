package io.logfold.query.stats;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The lengths of bucket there are, each with a table of its own. */
enum Granularity {
  MINUTE(ChronoUnit.MINUTES, "stats_minute"),
  HOUR(ChronoUnit.HOURS, "stats_hour");

  private final ChronoUnit unit;
  private final String table;

  Granularity(ChronoUnit unit, String table) {
    this.unit = unit;
    this.table = table;
  }

  /** The beginning of the bucket that a time falls in. */
  Instant bucketOf(Instant time) {
    return time.truncatedTo(unit);
  }

  String table() {
    return table;
  }
}
