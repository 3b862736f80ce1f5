package io.logfold.query.stats;

import io.logfold.query.fold.GenerationWriter;
import io.logfold.query.fold.LogProjection;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Counts every request into the minute and the hour of its own time, however late it comes. */
@Component
class StatsProjection implements LogProjection {

  static final String NAME = "stats";

  private final StatsTable table;
  private final StatsProperties properties;
  private final Clock clock;

  StatsProjection(StatsTable table, StatsProperties properties, Clock clock) {
    this.table = table;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String rule() {
    return "every request";
  }

  @Override
  public GenerationWriter writer(int generation, String rule) {
    return new StatsWriter(table, generation);
  }

  @Override
  public void clear(int generation) {
    table.clear(generation);
  }

  /** Hours answer for everything older; no question reaches further back in minutes. */
  @Scheduled(fixedDelay = 10, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
  void pruneMinutes() {
    table.pruneMinutes(Granularity.HOUR.bucketOf(clock.instant().minus(properties.keepMinutes())));
  }
}
