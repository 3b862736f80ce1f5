package io.logfold.query.deadletters;

import io.logfold.query.fold.DeadLetterTable;
import io.logfold.query.fold.Fold;
import io.logfold.query.fold.Generations;
import io.logfold.query.fold.LogProjection;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * {@code logfold.dead.letters}: letters of the generation that answers that are parked now, by
 * projection; {@code requests} are the records that cannot be read. Every process says the same, up
 * to 10 seconds late: they are counted in the database. More than 0 is somebody's to look at.
 */
@Component
class DeadLetterMeters {

  private static final Logger log = LoggerFactory.getLogger(DeadLetterMeters.class);

  private final DeadLetterTable table;
  private final Generations generations;
  private volatile Map<Fold, Long> parked = Map.of();

  DeadLetterMeters(
      DeadLetterTable table,
      Generations generations,
      MeterRegistry metrics,
      List<LogProjection> projections) {
    this.table = table;
    this.generations = generations;
    gauge(Fold.REQUESTS.name(), () -> Fold.REQUESTS, metrics);
    projections.stream()
        .map(LogProjection::name)
        .forEach(name -> gauge(name, () -> answering(name), metrics));
  }

  private void gauge(String projection, Supplier<Fold> fold, MeterRegistry metrics) {
    Gauge.builder("logfold.dead.letters", () -> parked.getOrDefault(fold.get(), 0L))
        .tag("projection", projection)
        .register(metrics);
  }

  private Fold answering(String projection) {
    return new Fold(projection, generations.live(projection));
  }

  @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
  void count() {
    try {
      parked = table.parkedByFold();
    } catch (DataAccessException | TransactionException e) {
      log.debug("The database is away: {}", e.getMessage());
    }
  }
}
