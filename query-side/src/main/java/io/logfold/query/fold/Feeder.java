package io.logfold.query.fold;

import static io.logfold.query.fold.Fold.REQUESTS;
import static io.logfold.query.fold.Fold.RETRIES;

import io.logfold.query.fold.FeedPositionTable.Feed;
import io.logfold.query.fold.FoldPositionTable.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Brings one generation to where the fold is, beside it, and then lets the fold feed it.
 *
 * <p>What is new and what a repeat the fold has judged already, and left in {@link
 * SkippedRecordTable}; so a feeder folds no record that the fold has not, and needs no memory of
 * requests. When it has come as far as the fold it takes the fold's lock of the partition, and
 * hands the partition over: no record is left out, none folded twice.
 */
final class Feeder extends ArrivalHandler {

  private final Fold fold;
  private final LogProjection projection;
  private final GenerationWriter writer;
  private final FeedTables tables;
  private final Generations generations;
  private final ReadAhead readAhead;
  private final RebuildThrottle throttle;
  private final BooleanSupplier foldCanFeed;
  private final Map<Integer, Long> committed = new ConcurrentHashMap<>();
  private final Map<Integer, Long> retries = new ConcurrentHashMap<>();

  /**
   * @param foldCanFeed whether every process that folds knows how to write this generation
   */
  Feeder(
      Generation generation,
      LogProjection projection,
      LogRecord records,
      FeedTables tables,
      Generations generations,
      ReadAhead readAhead,
      RebuildThrottle throttle,
      BooleanSupplier foldCanFeed) {
    super(records);
    this.fold = generation.fold();
    this.projection = projection;
    this.writer = projection.writer(fold.generation(), generation.rule());
    this.tables = tables;
    this.generations = generations;
    this.readAhead = readAhead;
    this.throttle = throttle;
    this.foldCanFeed = foldCanFeed;
  }

  /** Where a feeder reads and writes. */
  record FeedTables(
      FeedPositionTable feeds,
      FoldPositionTable positions,
      SkippedRecordTable skipped,
      LedgerTable ledger,
      DeadLetterTable letters,
      CarefulFold careful) {}

  @Override
  void fold(UnitOfWork<?> root, Collection<Batch> batches) {
    root.onRollback(failed -> batches.forEach(batch -> forget(batch.part())));
    RebuildThrottle.Turn turn = throttle.begin();
    root.onCleanup(
        done -> {
          batches.clear(); // What it folded is not kept while it rests.
          turn.end();
        });
    for (Batch batch : batches) {
      tables.feeds().lock(fold, batch.part()).ifPresent(feed -> take(root, feed, batch));
    }
    root.afterCommit(
        done -> batches.forEach(batch -> readAhead.done(batch.part(), batch.nextOffset())));
  }

  /**
   * Hands a partition over to the fold if it stands where the fold does, and nothing more comes, in
   * a transaction.
   */
  void handOverIfLevel(int part) {
    if (foldCanFeed.getAsBoolean()) {
      tables
          .feeds()
          .lock(fold, part)
          .filter(feed -> feed.nextOffset() >= locked(feed) && isStillWanted(feed))
          .ifPresent(this::handOver);
    }
  }

  /**
   * Whether a message may be delivered yet: what the fold has not judged cannot be folded, unless
   * this hands the partition over at that very place.
   */
  boolean mayPass(TrackedEventMessage<?> message) {
    if (foldCanFeed.getAsBoolean()) {
      return true;
    }
    Place place = Place.of(message.getMetaData());
    long next =
        message.getPayload() instanceof LogChunk chunk ? chunk.nextOffset() : place.offset() + 1;
    return next <= tables.positions().positions(REQUESTS).getOrDefault(place.part(), 0L);
  }

  private void take(UnitOfWork<?> root, Feed feed, Batch batch) {
    if (!Long.valueOf(feed.nextOffset()).equals(committed.get(feed.part()))
        || wasWrittenByARetry(feed.part())) {
      forget(feed.part());
    }
    if (!isStillWanted(feed)) {
      return;
    }
    Feed now = meetItsPast(feed, batch);
    List<Arrival> fresh = batch.from(now.nextOffset());
    if (!fresh.isEmpty()) {
      takeFresh(root, now, batch, fresh);
    } else if (!now.equals(feed)) {
      move(root, now);
    }
  }

  private void takeFresh(UnitOfWork<?> root, Feed feed, Batch batch, List<Arrival> fresh) {
    boolean reaches = batch.nextOffset() >= position(feed);
    boolean mayHandOver = reaches && foldCanFeed.getAsBoolean();
    long until = Math.max(feed.nextOffset(), mayHandOver ? locked(feed) : position(feed));
    if (batch.nextOffset() > until && !mayHandOver) {
      throw new IllegalStateException(
          "%s: offset %d of partition %d is not folded yet; it is read again."
              .formatted(fold.id(), batch.nextOffset() - 1, feed.part()));
    }
    Feed moved =
        feed.movedTo(Math.min(batch.nextOffset(), until), firstAppendedMillis(feed, fresh));
    foldInto(feed, batch, fresh, moved.nextOffset());
    if (mayHandOver && batch.nextOffset() >= until) {
      handOver(moved);
    } else {
      move(root, moved);
    }
  }

  private void move(UnitOfWork<?> root, Feed moved) {
    tables.feeds().move(moved);
    root.afterCommit(done -> committed.put(moved.part(), moved.nextOffset()));
  }

  /**
   * What it takes its past over from may be another release's to feed, or nobody's any more: then
   * it stands at some offset and not with the fold, and it is there that both must meet.
   */
  private Feed meetItsPast(Feed feed, Batch batch) {
    Long meeting = apart(feed);
    if (meeting == null || meeting > batch.nextOffset()) {
      return feed;
    }
    List<Arrival> fresh = batch.from(feed.nextOffset());
    Feed met = feed.movedTo(meeting, firstAppendedMillis(feed, fresh));
    foldInto(feed, batch, fresh, meeting);
    takeOver(met, older());
    return met.withItsPast();
  }

  /**
   * If both can never meet, since the records between are not read, there is no use in going on.
   */
  private boolean isStillWanted(Feed feed) {
    Long meeting = apart(feed);
    if (meeting == null || meeting >= feed.nextOffset()) {
      return true;
    }
    generations.fail(
        fold,
        "It cannot take over what was before offset %d of partition %d: %s stands at %d there."
            .formatted(feed.nextOffset(), feed.part(), older().id(), meeting));
    return false;
  }

  /**
   * The offset at which that stands from which the past is yet to be taken over, until the
   * transaction ends; null if the fold feeds it, or nothing is to be taken over.
   */
  private @Nullable Long apart(Feed feed) {
    return feed.firstOffset() == 0 || older().equals(fold)
        ? null
        : tables.feeds().lock(older(), feed.part()).map(Feed::nextOffset).orElse(null);
  }

  private Fold older() {
    return new Fold(fold.name(), generations.live(fold.name()));
  }

  /** A retry of a dead letter folds a log behind this feeder's back; see {@link Fold#RETRIES}. */
  private boolean wasWrittenByARetry(int part) {
    long now = tables.positions().positions(RETRIES).getOrDefault(part, 0L);
    Long before = retries.put(part, now);
    return before == null || before != now;
  }

  private void foldInto(Feed feed, Batch batch, List<Arrival> fresh, long until) {
    LedgerSheet sheet = new LedgerSheet();
    BitSet skipped = tables.skipped().within(feed.part(), feed.nextOffset(), until);
    List<ReceivedLog> taken = new ArrayList<>(fresh.size());
    for (Arrival arrival : fresh) {
      if (arrival.offset() < until
          && arrival instanceof ReceivedLog received
          && !skipped.get((int) (received.offset() - feed.nextOffset()))) {
        boolean takes = tables.careful().takes(fold, writer, received);
        sheet.add(fold, received, takes ? LedgerEntry.FOLDED : LedgerEntry.PASSED_OVER);
        if (takes) {
          taken.add(received);
        }
      }
    }
    if (!taken.isEmpty()) {
      for (ReceivedLog parked : tables.careful().fold(fold, writer, taken, batch::record)) {
        sheet.move(fold, parked, LedgerEntry.FOLDED, LedgerEntry.DEAD_LETTERED);
      }
    }
    tables.ledger().add(sheet);
  }

  private static @Nullable Long firstAppendedMillis(Feed feed, List<Arrival> fresh) {
    return feed.firstAppendedMillis() == null
        ? (Long) fresh.get(0).appended().toEpochMilli()
        : feed.firstAppendedMillis();
  }

  /** Where the fold is, or where this is if the fold has not begun. */
  private long position(Feed feed) {
    return tables.positions().positions(REQUESTS).getOrDefault(feed.part(), feed.nextOffset());
  }

  /** The same, and it stays there until the transaction ends. */
  private long locked(Feed feed) {
    return tables
        .positions()
        .lock(List.of(feed.part()))
        .getOrDefault(feed.part(), Map.of())
        .getOrDefault(REQUESTS, feed.nextOffset());
  }

  private void handOver(Feed feed) {
    if (feed.firstOffset() > 0) {
      carryOver(feed);
    }
    tables.positions().move(List.of(new Position(fold, feed.part(), feed.nextOffset())));
    tables.feeds().remove(fold, feed.part());
    forget(feed.part());
  }

  private void carryOver(Feed feed) {
    Fold older = older();
    if (older.equals(fold)) {
      return; // Its own past, from before another release fed it.
    }
    Long position = apart(feed);
    if (position == null) {
      position = tables.positions().positions(older).get(feed.part());
    }
    if (position == null || position != feed.nextOffset()) {
      throw new IllegalStateException(
          "%s cannot take over from %s yet, which is at offset %s of partition %d instead of %d."
              .formatted(fold.id(), older.id(), position, feed.part(), feed.nextOffset()));
    }
    takeOver(feed, older);
  }

  /** Both stand at the same offset, and stay there until the transaction ends. */
  private void takeOver(Feed feed, Fold older) {
    Long millis = feed.firstAppendedMillis();
    CarryOver lost =
        new CarryOver(
            older.generation(),
            fold.generation(),
            feed.part(),
            feed.firstOffset(),
            millis == null ? Instant.MAX : Instant.ofEpochMilli(millis));
    projection.carryOver(lost, writer);
    writer.forget(feed.part());
    tables.ledger().carryOver(fold.name(), lost);
    tables.letters().carryOver(fold.name(), lost);
  }

  private void forget(int part) {
    committed.remove(part);
    writer.forget(part);
  }
}
