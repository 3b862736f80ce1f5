package io.logfold.query.fold;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes hours of the ledger's old minutes, or it would grow by the minute for ever. */
@Component
class LedgerUpkeep {

  private static final Duration MINUTES_KEPT = Duration.ofDays(2);

  private final LedgerTable table;
  private final FoldPositionTable positions;
  private final TransactionTemplate transaction;
  private final Clock clock;

  LedgerUpkeep(
      LedgerTable table,
      FoldPositionTable positions,
      TransactionTemplate transaction,
      Clock clock) {
    this.table = table;
    this.positions = positions;
    this.transaction = transaction;
    this.clock = clock;
  }

  @Scheduled(fixedDelay = 60, initialDelay = 5, timeUnit = TimeUnit.MINUTES)
  void makeHoursOfOldMinutes() {
    Instant before = clock.instant().minus(MINUTES_KEPT);
    Optional<LedgerTable.Minute> oldest = table.oldestMinute(before);
    while (oldest.isPresent()) {
      makeHour(oldest.get());
      oldest = table.oldestMinute(before);
    }
  }

  /** Under the lock that a fold of the partition takes: a row has one writer at a time. */
  private void makeHour(LedgerTable.Minute minute) {
    transaction.executeWithoutResult(
        status -> {
          positions.lock(List.of(minute.part()));
          table.makeHour(minute.part(), minute.hour());
        });
  }
}
