package io.logfold.query.cache;

import io.logfold.api.routes.FindRoutes;
import io.logfold.api.stats.FindStats;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long an answer is kept.
 *
 * @param logs answers about single logs: short, since people wait for one to appear
 * @param hour answers about the last hour
 * @param day answers about the last day
 * @param week answers about the last week
 * @param redisRetry how long Redis is left alone after it failed
 */
@ConfigurationProperties("logfold.cache")
record CacheTimes(
    @DefaultValue("50ms") Duration logs,
    @DefaultValue("1s") Duration hour,
    @DefaultValue("5s") Duration day,
    @DefaultValue("30s") Duration week,
    @DefaultValue("1s") Duration redisRetry) {

  Duration of(Object query) {
    if (query instanceof FindStats stats) {
      return switch (stats.range()) {
        case HOUR -> hour;
        case DAY -> day;
        case WEEK -> week;
      };
    }
    if (query instanceof FindRoutes routes) {
      return switch (routes.range()) {
        case HOUR -> hour;
        case DAY -> day;
      };
    }
    return logs;
  }
}
