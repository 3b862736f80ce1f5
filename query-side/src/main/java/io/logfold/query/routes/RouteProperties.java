package io.logfold.query.routes;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the routes.
 *
 * @param rules patterns of paths, see {@link RouteRule}; the first that matches wins
 * @param maxPerSource routes of a source that have a name of their own, in each partition of the
 *     log
 * @param keepMinutes how long the rollups are kept
 * @param writeEvery how long what is added to rows may be in their journal alone; 0 writes the rows
 *     in every transaction
 */
@ConfigurationProperties("logfold.routes")
record RouteProperties(
    @DefaultValue List<String> rules,
    @DefaultValue("1000") int maxPerSource,
    @DefaultValue("2d") Duration keepMinutes,
    @DefaultValue("20s") Duration writeEvery) {

  private static final int MAX_RULES = 200;
  private static final int MOST_PER_SOURCE = 10_000;
  private static final Duration SHORTEST = Duration.ofHours(25);

  RouteProperties {
    if (rules.size() > MAX_RULES) {
      throw new IllegalArgumentException(
          "logfold.routes.rules has %d patterns, at most %d are allowed: each is compared with each path."
              .formatted(rules.size(), MAX_RULES));
    }
    if (maxPerSource < 1 || maxPerSource > MOST_PER_SOURCE) {
      throw new IllegalArgumentException(
          "logfold.routes.max-per-source is %d, expected 1 to %d."
              .formatted(maxPerSource, MOST_PER_SOURCE));
    }
    if (keepMinutes.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "logfold.routes.keep-minutes is "
              + keepMinutes
              + ", expected 25h or more: alert rules and answers look back 24 hours.");
    }
    rules = List.copyOf(rules);
  }
}
