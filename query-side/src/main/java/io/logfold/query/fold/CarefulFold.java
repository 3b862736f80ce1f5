package io.logfold.query.fold;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Lets a projection fold, and sets aside the logs that it fails for, so that one log does not stop
 * all the others.
 *
 * <p>As long as nothing fails it costs nothing: logs are folded as they come. When a projection
 * fails for their sake, see {@link Blame}, the transaction fails, and Axon delivers them again;
 * from then on, for {@value #CAREFUL_FOR} records of the partition, the projection folds within
 * savepoints: all of them, else each half of them, down to the logs that fail alone. Those are
 * parked as dead letters in the same transaction.
 *
 * <p>A projection that fails for more than {@link FoldProperties#maxDeadLetters()} logs beyond one
 * in {@value #LOGS_A_LETTER} is broken, and its logs are not: it stops, and nothing of what it
 * stopped at is parked.
 *
 * <p>A partition is folded by one thread at a time.
 */
@Component
class CarefulFold {

  private static final long CAREFUL_FOR = 20_000;
  private static final int LOGS_A_LETTER = 10;
  private static final Logger log = LoggerFactory.getLogger(CarefulFold.class);

  private final Savepoints savepoints;
  private final DeadLetterTable letters;
  private final long maxStrain;
  private final Map<Where, Care> cares = new ConcurrentHashMap<>();

  CarefulFold(Savepoints savepoints, DeadLetterTable letters, FoldProperties properties) {
    this.savepoints = savepoints;
    this.letters = letters;
    this.maxStrain = (long) properties.maxDeadLetters() * LOGS_A_LETTER;
  }

  private record Where(Fold fold, int part) {}

  /**
   * How to go on where a projection failed.
   *
   * @param untilOffset folded within savepoints up to here
   * @param strain {@value #LOGS_A_LETTER} for each letter, less 1 for each log; at least 0
   */
  private record Care(long untilOffset, long strain) {

    Care failedAt(long offset) {
      return new Care(Math.max(untilOffset, offset + CAREFUL_FOR), strain);
    }

    Care strained(long by) {
      return new Care(untilOffset, Math.max(0, strain + by));
    }
  }

  /**
   * Whether the rule takes a log. One that the rule itself fails for is said to be taken, and is
   * parked by {@link #fold}.
   */
  boolean takes(Fold fold, GenerationWriter writer, ReceivedLog received) {
    try {
      return writer.takes(received.log());
    } catch (RuntimeException | StackOverflowError e) {
      if (careFor(fold, List.of(received)) != null) {
        return true; // an attempt asks again
      }
      beCarefulFrom(fold, List.of(received), e);
      throw e;
    }
  }

  /**
   * Folds logs, inside a transaction.
   *
   * @param logs as {@link GenerationWriter#fold} wants them
   * @param records the record that brought a log
   * @return those that were parked instead, in the same order
   * @throws RuntimeException if the transaction has to fail: because of the database, or because
   *     the logs must be delivered again, or because the projection fails for too many
   */
  List<ReceivedLog> fold(
      Fold fold,
      GenerationWriter writer,
      List<ReceivedLog> logs,
      Function<ReceivedLog, ConsumerRecord<String, byte[]>> records) {
    if (cares.isEmpty()) {
      foldAsTheyCome(fold, writer, logs);
      return List.of();
    }
    List<ReceivedLog> parked = new ArrayList<>();
    for (List<ReceivedLog> ofPart : byPart(logs)) {
      Care care = careFor(fold, ofPart);
      if (care == null) {
        foldAsTheyCome(fold, writer, ofPart);
      } else {
        int part = ofPart.get(0).part();
        Attempt attempt = new Attempt(fold, part, writer, records, care.strained(-ofPart.size()));
        attempt.fold(ofPart);
        attempt.park();
        parked.addAll(attempt.failed);
      }
    }
    return parked;
  }

  /**
   * Folds one log that was passed over before, inside a transaction.
   *
   * @return what became of it: folded, passed over or dead-lettered
   */
  LedgerEntry foldAlone(
      Fold fold, GenerationWriter writer, ReceivedLog late, ConsumerRecord<String, byte[]> record) {
    if (passesOver(writer, late)) {
      return LedgerEntry.PASSED_OVER;
    }
    Attempt attempt = new Attempt(fold, late.part(), writer, any -> record, new Care(0, 0));
    attempt.fold(List.of(late));
    letters.park(attempt.letters);
    return attempt.failed.isEmpty() ? LedgerEntry.FOLDED : LedgerEntry.DEAD_LETTERED;
  }

  private static boolean passesOver(GenerationWriter writer, ReceivedLog received) {
    try {
      return !writer.takes(received.log());
    } catch (RuntimeException | StackOverflowError e) {
      return false; // an attempt asks again
    }
  }

  /** Forgets a fold's letters and failures: it begins again, and finds them again. */
  void clear(Fold fold) {
    letters.clear(fold);
    cares.keySet().removeIf(where -> where.fold().equals(fold));
  }

  private void foldAsTheyCome(Fold fold, GenerationWriter writer, List<ReceivedLog> logs) {
    try {
      writer.fold(logs);
    } catch (RuntimeException | StackOverflowError e) {
      beCarefulFrom(fold, logs, e);
      throw e;
    }
  }

  private void beCarefulFrom(Fold fold, List<ReceivedLog> logs, Throwable failure) {
    if (Blame.isOnLogs(failure)) {
      for (List<ReceivedLog> ofPart : byPart(logs)) {
        cares.merge(
            new Where(fold, ofPart.get(0).part()),
            new Care(0, 0).failedAt(last(ofPart)),
            (known, begun) -> known.failedAt(last(ofPart)));
      }
      log.warn(
          "{} fails for logs of the event log; they are folded again, one by one where need be: {}",
          fold.id(),
          because(failure));
    }
  }

  /** What was decided for a partition where the projection failed not long ago. */
  private @Nullable Care careFor(Fold fold, List<ReceivedLog> ofPart) {
    Care care = cares.get(new Where(fold, ofPart.get(0).part()));
    if (care != null && care.untilOffset() <= ofPart.get(0).offset()) {
      cares.remove(new Where(fold, ofPart.get(0).part()));
      return null;
    }
    return care;
  }

  private static List<List<ReceivedLog>> byPart(List<ReceivedLog> logs) {
    List<List<ReceivedLog>> parts = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= logs.size(); i++) {
      if (i == logs.size() || logs.get(i).part() != logs.get(from).part()) {
        parts.add(logs.subList(from, i));
        from = i;
      }
    }
    return parts;
  }

  private static long last(List<ReceivedLog> logs) {
    return logs.get(logs.size() - 1).offset();
  }

  static String because(Throwable failure) {
    return String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure));
  }

  /** One transaction's logs of a partition where a projection failed. */
  private final class Attempt {

    private final Fold fold;
    private final int part;
    private final GenerationWriter writer;
    private final Function<ReceivedLog, ConsumerRecord<String, byte[]>> records;
    private final List<ReceivedLog> failed = new ArrayList<>();
    private final List<DeadLetter> letters = new ArrayList<>();
    private Care care;

    Attempt(
        Fold fold,
        int part,
        GenerationWriter writer,
        Function<ReceivedLog, ConsumerRecord<String, byte[]>> records,
        Care care) {
      this.fold = fold;
      this.part = part;
      this.writer = writer;
      this.records = records;
      this.care = care;
    }

    void fold(List<ReceivedLog> logs) {
      try {
        savepoints.within(
            () -> {
              logs.forEach(received -> writer.takes(received.log()));
              writer.fold(logs);
            });
      } catch (RuntimeException | StackOverflowError e) {
        if (!Blame.isOnLogs(e)) {
          throw e;
        }
        writer.forget(part);
        foldInHalves(logs, e);
      }
    }

    private void foldInHalves(List<ReceivedLog> logs, Throwable failure) {
      int half = logs.size() / 2;
      if (half == 0) {
        failedFor(logs.get(0), failure);
      } else {
        fold(logs.subList(0, half));
        fold(logs.subList(half, logs.size()));
      }
    }

    private void failedFor(ReceivedLog received, Throwable failure) {
      care = care.failedAt(received.offset()).strained(LOGS_A_LETTER);
      if (care.strain() > maxStrain) {
        throw new IllegalStateException(
            "%s fails for too many logs of partition %d, the last at offset %d: that is a mistake of the projection, not of the logs. It stops here; logfold.fold.max-dead-letters says how many are too many. The failure: %s"
                .formatted(fold.id(), part, received.offset(), because(failure)),
            failure);
      }
      failed.add(received);
      letters.add(new DeadLetter(fold, records.apply(received), because(failure)));
    }

    /** The strain counts once the letters are there: a batch may be delivered again. */
    void park() {
      CarefulFold.this.letters.park(letters);
      if (!failed.isEmpty()) {
        log.warn("{} dead letters of {}; the first: {}", failed.size(), fold.id(), letters.get(0));
      }
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              cares.put(new Where(fold, part), care);
            }
          });
    }
  }
}
