package io.logfold.query.routes;

import java.time.Instant;

/**
 * Which requests a row counts, within a generation.
 *
 * @param minute of their own time, since 1970 in UTC
 * @param source who logged them
 * @param route their path's template
 * @param method HTTP method
 * @param statusClass 1 for statuses 100 to 199, and so on to 5
 * @param part the Kafka partition they came through: one writer a row
 */
record RouteRow(
    long minute, String source, String route, String method, int statusClass, int part) {

  /** The minute that a time falls in. */
  static long minuteOf(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), 60);
  }

  /** The beginning of a minute. */
  static Instant start(long minute) {
    return Instant.ofEpochSecond(minute * 60);
  }
}
