package io.logfold.query.fold;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes hours of the ledger's old minutes, or it would grow by the minute for ever. */
@Component
class LedgerUpkeep {

  private static final Logger log = LoggerFactory.getLogger(LedgerUpkeep.class);

  private static final Duration MINUTES_KEPT = Duration.ofDays(2);

  private final LedgerTable table;
  private final FoldPositionTable positions;
  private final SkippedRecordTable skipped;
  private final LogOffsets offsets;
  private final TransactionTemplate transaction;
  private final Clock clock;

  LedgerUpkeep(
      LedgerTable table,
      FoldPositionTable positions,
      SkippedRecordTable skipped,
      LogOffsets offsets,
      TransactionTemplate transaction,
      Clock clock) {
    this.table = table;
    this.positions = positions;
    this.skipped = skipped;
    this.offsets = offsets;
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

  /** What the log has lost nobody reads again. */
  @Scheduled(fixedDelay = 60, initialDelay = 6, timeUnit = TimeUnit.MINUTES)
  void forgetRecordsThatAreGone() {
    try {
      offsets.begins().forEach(skipped::prune);
    } catch (KafkaException e) {
      log.debug("Kafka does not say where the log begins; it is asked again: {}", e.getMessage());
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
