package io.logfold.query.stats;

import io.logfold.api.stats.FindStats;
import io.logfold.api.stats.StatsReport;
import io.logfold.query.errorlog.ErrorLogTable;
import io.logfold.query.errorlog.ErrorRule;
import io.logfold.query.fold.Generations;
import io.logfold.query.rollup.LatencySketch;
import io.logfold.query.stats.StatsProperties.Counts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Answers questions about many requests, at a cost that does not grow with their number. */
@Component
class StatsQueries {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final StatsTable table;
  private final ErrorLogTable errors;
  private final Generations generations;
  private final StatsProperties properties;
  private final Clock clock;

  StatsQueries(
      StatsTable table,
      ErrorLogTable errors,
      Generations generations,
      StatsProperties properties,
      Clock clock) {
    this.table = table;
    this.errors = errors;
    this.generations = generations;
    this.properties = properties;
    this.clock = clock;
  }

  @QueryHandler
  @Cacheable(cacheNames = StatsProjection.NAME, keyGenerator = "answerKeys", sync = true)
  @Transactional(readOnly = true)
  public StatsReport handle(FindStats query) {
    Instant now = clock.instant();
    return properties.counts() == Counts.ERRORS ? ofErrors(query, now) : ofRequests(query, now);
  }

  private StatsReport ofRequests(FindStats query, Instant now) {
    Rollup total = total(query, now);
    ErrorRule errorRule = ErrorRule.parse(generations.rule("error-log"));
    SortedMap<Integer, Long> errorsByStatus = total.byStatus().toMap();
    errorsByStatus.keySet().removeIf(status -> !errorRule.matches(status));
    LatencySketch latency = total.latency();
    return new StatsReport(
        total.requests(),
        Math.min(total.ips().count(), total.requests()),
        errorsByStatus,
        new StatsReport.Latency(
            total.latencyMeanMicros(),
            total.latencyMaxMicros(),
            latency.micros(0.5),
            latency.micros(0.9),
            latency.micros(0.95),
            latency.micros(0.99),
            latency.micros(0.999)),
        generations.asOf(StatsProjection.NAME, now));
  }

  /** Whole hours where the range holds them, minutes before and after. */
  private Rollup total(FindStats query, Instant now) {
    int generation = generations.live(StatsProjection.NAME);
    Instant until = Granularity.MINUTE.bucketOf(now).plus(MINUTE);
    Instant from = until.minus(query.range().length());
    Instant lastHour = Granularity.HOUR.bucketOf(until);
    Instant firstHour = Granularity.HOUR.bucketOf(from.plus(HOUR).minusMillis(1));
    Rollup total = new Rollup();
    String source = query.source();
    if (firstHour.isBefore(lastHour)) {
      table.addTo(total, generation, Granularity.MINUTE, from, firstHour, source);
      table.addTo(total, generation, Granularity.HOUR, firstHour, lastHour, source);
      table.addTo(total, generation, Granularity.MINUTE, lastHour, until, source);
    } else {
      table.addTo(total, generation, Granularity.MINUTE, from, until, source);
    }
    return total;
  }

  private StatsReport ofErrors(FindStats query, Instant now) {
    ErrorLogTable.Summary summary =
        errors.summarise(
            generations.live("error-log"), now.minus(query.range().length()), query.source());
    return new StatsReport(
        summary.errors(),
        summary.distinctIps(),
        summary.byStatus(),
        new StatsReport.Latency(summary.meanMicros(), summary.maxMicros(), 0, 0, 0, 0, 0),
        generations.asOf("error-log", now));
  }
}
