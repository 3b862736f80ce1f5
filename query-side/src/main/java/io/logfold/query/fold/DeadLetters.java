package io.logfold.query.fold;

import static io.logfold.query.fold.Fold.REQUESTS;
import static io.logfold.query.fold.Fold.RETRIES;

import io.logfold.query.fold.FoldPositionTable.Position;
import io.logfold.query.web.NotFound;
import io.logfold.query.web.Refused;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes in after all what was kept aside, or lets it rest. A retry is one transaction, under the
 * lock that a fold of the partition takes; and since it writes rows that a fold may hold in memory,
 * it moves {@link Fold#RETRIES}: whoever folds the partition next sees that, and reads them again.
 */
@Component
public class DeadLetters {

  private final DeadLetterTable letters;
  private final FoldPositionTable positions;
  private final FeedPositionTable feeds;
  private final SkippedRecordTable skipped;
  private final RequestMemoryTable requestMemory;
  private final FoldProperties properties;
  private final LogRecord records;
  private final LedgerTable ledger;
  private final CarefulFold careful;
  private final Generations generations;
  private final List<LogProjection> projections;
  private final FoldMeters meters;
  private final TransactionTemplate transaction;

  DeadLetters(
      DeadLetterTable letters,
      FoldPositionTable positions,
      FeedPositionTable feeds,
      SkippedRecordTable skipped,
      RequestMemoryTable requestMemory,
      FoldProperties properties,
      LogRecord records,
      LedgerTable ledger,
      CarefulFold careful,
      Generations generations,
      List<LogProjection> projections,
      FoldMeters meters,
      TransactionTemplate transaction) {
    this.letters = letters;
    this.positions = positions;
    this.feeds = feeds;
    this.skipped = skipped;
    this.requestMemory = requestMemory;
    this.properties = properties;
    this.records = records;
    this.ledger = ledger;
    this.careful = careful;
    this.generations = generations;
    this.projections = projections;
    this.meters = meters;
    this.transaction = transaction;
  }

  /**
   * Reads and folds a parked record again.
   *
   * @throws NotFound if there is no such letter
   * @throws Refused if it is not parked, or fails again: it stays as it is
   */
  public void retry(long id) {
    LedgerSheet sheet = new LedgerSheet();
    transaction.executeWithoutResult(status -> new Retry(letter(id), sheet).retry());
    meters.folded(sheet);
  }

  /**
   * Notes that nobody misses a parked record. The ledger keeps counting it as what it is.
   *
   * @throws NotFound if there is no such letter
   * @throws Refused if it is not parked
   */
  public void discard(long id) {
    if (!letters.discarded(id)) {
      throw notParked(id);
    }
  }

  private DeadLetterTable.Row letter(long id) {
    return letters.find(id).orElseThrow(() -> new NotFound("There is no such dead letter."));
  }

  private Refused notParked(long id) {
    return new Refused(
        HttpStatus.CONFLICT,
        "The dead letter is %s; only a parked one can be retried or discarded."
            .formatted(letter(id).letter().state().name().toLowerCase(Locale.ROOT)));
  }

  private static Refused failsAgain(String why) {
    return new Refused(HttpStatus.UNPROCESSABLE_CONTENT, why);
  }

  /** One letter's way into the tables. */
  private final class Retry {

    private final DeadLetterTable.Row row;
    private final LedgerSheet sheet;
    private final Map<Fold, Long> before = new HashMap<>();

    /** Locks in the order in which a feeder does. */
    Retry(DeadLetterTable.Row row, LedgerSheet sheet) {
      this.row = row;
      this.sheet = sheet;
      feeds.lock(part()).forEach(feed -> before.put(feed.fold(), feed.nextOffset()));
      before.putAll(positions.lock(List.of(part())).getOrDefault(part(), Map.of()));
    }

    void retry() {
      if (!letters.retried(row.letter().id())) {
        throw notParked(row.letter().id());
      }
      Arrival arrival = arrival();
      if (row.fold().equals(REQUESTS)) {
        readAgain(arrival);
      } else if (arrival instanceof ReceivedLog received) {
        foldAgain(received);
      }
      ledger.add(sheet);
      positions.move(List.of(new Position(RETRIES, part(), before.getOrDefault(RETRIES, 0L) + 1)));
    }

    private int part() {
      return row.letter().part();
    }

    private Arrival arrival() {
      if (!row.isWhole()) {
        throw failsAgain(
            "It has %d bytes, of which not all were kept.".formatted(row.letter().size()));
      }
      Arrival arrival = records.read(row.record());
      if (arrival instanceof Arrival.Unreadable unreadable) {
        throw failsAgain("It still cannot be read: " + unreadable.reason());
      }
      return arrival;
    }

    private void readAgain(Arrival arrival) {
      Place place = Place.of(row.record());
      ledger.subtract(REQUESTS, place.unreadable("", row.record()), LedgerEntry.UNREADABLE);
      LedgerEntry entry = judge(arrival);
      if (entry != LedgerEntry.UNIQUE) {
        sheet.add(REQUESTS, arrival, entry);
      } else if (arrival instanceof Arrival.Rejection rejection) {
        sheet.addRejected(REQUESTS, rejection);
      } else if (arrival instanceof ReceivedLog received) {
        sheet.add(REQUESTS, received, entry);
        skipped.remove(part(), received.offset());
        before.keySet().stream()
            .filter(Fold::isOfAProjection)
            .filter(fold -> before.getOrDefault(fold, 0L) > received.offset())
            .forEach(fold -> foldLate(fold, received));
      }
    }

    /** With a memory of its own: what folds the partition has another at hand. */
    private LedgerEntry judge(Arrival arrival) {
      String request = String.valueOf(arrival.request());
      if (letters.isTakenIn(request, arrival.line(), row.letter().id())) {
        return LedgerEntry.DUPLICATE;
      }
      letters.isLine(row.letter().id(), request, arrival.line());
      return new RequestMemory(requestMemory, properties).judgeLate(arrival);
    }

    /** A generation that is not there yet meets the record on the log, and reads it then. */
    private void foldLate(Fold fold, ReceivedLog received) {
      sheet.add(fold, received, careful.foldAlone(fold, writer(fold), received, row.record()));
    }

    private void foldAgain(ReceivedLog received) {
      GenerationWriter writer = writer(row.fold());
      try {
        boolean takes = writer.takes(received.log());
        if (takes) {
          writer.fold(List.of(received));
        }
        ledger.subtract(row.fold(), received, LedgerEntry.DEAD_LETTERED);
        sheet.add(row.fold(), received, takes ? LedgerEntry.FOLDED : LedgerEntry.PASSED_OVER);
      } catch (RuntimeException | StackOverflowError e) {
        if (!Blame.isOnLogs(e)) {
          throw e;
        }
        throw failsAgain(
            "%s still cannot fold it: %s".formatted(row.fold().id(), CarefulFold.because(e)));
      }
    }

    private GenerationWriter writer(Fold fold) {
      Generation generation =
          generations
              .find(fold)
              .filter(each -> generations.canFeed(fold))
              .orElseThrow(
                  () ->
                      failsAgain(
                          "%s is not there any more, or another release's to write: where no process of that release is left, discard the letter."
                              .formatted(fold.id())));
      return projections.stream()
          .filter(projection -> projection.name().equals(fold.name()))
          .findFirst()
          .orElseThrow()
          .writer(fold.generation(), generation.rule());
    }
  }
}
