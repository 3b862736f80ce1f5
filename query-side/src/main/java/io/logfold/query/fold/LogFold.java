package io.logfold.query.fold;

import static io.logfold.query.fold.Fold.REQUESTS;

import io.logfold.query.fold.FeedPositionTable.Feed;
import io.logfold.query.fold.FoldPositionTable.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The one reader of the event log: every projection rides on it.
 *
 * <p>It collects what Axon delivers in a batch and, as the batch commits, drops the repeats once,
 * lets each projection fold the rest once, and moves the positions: rows, memory of requests,
 * ledger, positions and Axon's token are one transaction. The positions, not the token, decide what
 * is new; so a delivery may be repeated by a restart, a takeover or a reset, and changes nothing.
 */
@Component
@ProcessingGroup(LogFold.PROCESSOR)
class LogFold extends ArrivalHandler {

  static final String PROCESSOR = "log-fold";

  private static final Logger log = LoggerFactory.getLogger(LogFold.class);

  private final FoldPositionTable positions;
  private final FeedPositionTable feeds;
  private final SkippedRecordTable skipped;
  private final RequestMemory requests;
  private final LedgerTable ledger;
  private final FoldMeters meters;
  private final ReadAhead readAhead;
  private final Generations generations;
  private final DeadLetterTable letters;
  private final CarefulFold careful;
  private final RebuildThrottle rebuilds;
  private final List<LogProjection> projections;
  private final Map<Fold, GenerationWriter> writers = new ConcurrentHashMap<>();
  private final Map<Integer, Map<Fold, Long>> committed = new ConcurrentHashMap<>();

  LogFold(
      LogRecord records,
      FoldPositionTable positions,
      FeedPositionTable feeds,
      SkippedRecordTable skipped,
      RequestMemory requests,
      LedgerTable ledger,
      FoldMeters meters,
      ReadAhead readAhead,
      Generations generations,
      DeadLetterTable letters,
      CarefulFold careful,
      RebuildThrottle rebuilds,
      List<LogProjection> projections) {
    super(records);
    this.positions = positions;
    this.feeds = feeds;
    this.skipped = skipped;
    this.requests = requests;
    this.ledger = ledger;
    this.meters = meters;
    this.readAhead = readAhead;
    this.generations = generations;
    this.letters = letters;
    this.careful = careful;
    this.rebuilds = rebuilds;
    this.projections = projections;
  }

  /** Sends every projection back to the beginning of the log. */
  @ResetHandler
  void reset() {
    reset(new ProjectionReset(projections.stream().map(LogProjection::name).toList()));
  }

  /** Sends the named projections back to the beginning of the log. */
  @ResetHandler
  void reset(ProjectionReset reset) {
    for (LogProjection projection : projections) {
      if (reset.projections().contains(projection.name())) {
        Fold fold = new Fold(projection.name(), generations.live(projection.name()));
        projection.clear(fold.generation());
        forget(fold);
        feeds.remove(fold);
        writers.remove(fold);
        generations.adopt(projection);
      }
    }
    // The repeats are found again by folding again, from the same beginning as the projections.
    requests.clear();
    skipped.clear();
    forget(REQUESTS);
    readAhead.reset();
  }

  private void forget(Fold fold) {
    positions.forget(fold);
    ledger.clear(fold);
    careful.clear(fold);
  }

  @Override
  void fold(UnitOfWork<?> root, Collection<Batch> batches) {
    root.onRollback(failed -> batches.forEach(batch -> forget(batch.part())));
    List<Integer> parts = batches.stream().map(Batch::part).toList();
    Map<Integer, Map<Fold, Long>> before = positions.lock(parts);
    Turn turn = new Turn(before);
    for (Batch batch : batches) {
      Map<Fold, Long> known = before.getOrDefault(batch.part(), Map.of());
      if (!known.equals(committed.get(batch.part()))) {
        forget(batch.part());
      }
      turn.take(batch);
    }
    if (!turn.arrivals.isEmpty()) {
      fold(root, turn);
    }
    root.afterCommit(
        done -> batches.forEach(batch -> readAhead.done(batch.part(), batch.nextOffset())));
  }

  private void fold(UnitOfWork<?> root, Turn turn) {
    List<ReceivedLog> unique = turn.unique();
    turn.folds().forEach(fold -> turn.foldInto(fold, unique));
    skipped.add(turn.skippedRuns);
    ledger.add(turn.sheet);
    positions.move(turn.moves);
    root.afterCommit(
        done -> {
          committed.putAll(turn.after());
          meters.folded(turn.sheet);
          rebuilds.served();
        });
  }

  private GenerationWriter writer(Fold fold) {
    return writers.computeIfAbsent(
        fold,
        key ->
            projection(key.name())
                .writer(
                    key.generation(), generations.find(key).map(Generation::rule).orElseThrow()));
  }

  private LogProjection projection(String name) {
    return projections.stream()
        .filter(projection -> projection.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Drops what is remembered of generations that are gone. */
  void retain(Predicate<Fold> isThere) {
    writers.keySet().removeIf(isThere.negate());
  }

  /** Drops what is remembered of a partition. */
  void forget(int part) {
    committed.remove(part);
    requests.forget(part);
    writers.values().forEach(writer -> writer.forget(part));
  }

  /** One transaction's work. */
  private final class Turn {

    private final Map<Integer, Map<Fold, Long>> before;
    private final Map<Integer, Long> nextOffsets = new HashMap<>();
    private final Map<Integer, Batch> batches = new HashMap<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Position> moves = new ArrayList<>();
    private final LedgerSheet sheet = new LedgerSheet();
    private final SkippedRecordTable.Runs skippedRuns = new SkippedRecordTable.Runs();
    private final Map<Integer, List<Fold>> feedsByPart = new HashMap<>();

    Turn(Map<Integer, Map<Fold, Long>> before) {
      this.before = before;
    }

    void take(Batch batch) {
      List<Arrival> fresh = batch.from(before.getOrDefault(batch.part(), Map.of()).get(REQUESTS));
      if (!fresh.isEmpty()) {
        arrivals.addAll(fresh);
        batches.put(batch.part(), batch);
        nextOffsets.put(batch.part(), batch.nextOffset());
        move(REQUESTS, batch.part());
      }
    }

    /** Accounts for every line and picks the logs that are seen for the first time. */
    List<ReceivedLog> unique() {
      List<LedgerEntry> entries = requests.judge(arrivals);
      List<ReceivedLog> unique = new ArrayList<>(arrivals.size());
      List<DeadLetter> unreadable = new ArrayList<>();
      for (int i = 0; i < entries.size(); i++) {
        Arrival arrival = arrivals.get(i);
        LedgerEntry entry = entries.get(i);
        if (entry != LedgerEntry.UNIQUE) {
          sheet.add(REQUESTS, arrival, entry);
          skippedRuns.add(arrival.part(), arrival.offset());
          if (arrival instanceof Arrival.Unreadable broken) {
            unreadable.add(DeadLetter.of(broken));
          }
        } else if (arrival instanceof ReceivedLog received) {
          sheet.add(REQUESTS, received, entry);
          unique.add(received);
        } else if (arrival instanceof Arrival.Rejection rejection) {
          sheet.addRejected(REQUESTS, rejection);
        }
      }
      park(unreadable);
      return unique;
    }

    /** Every generation that any of the partitions feeds. */
    Set<Fold> folds() {
      Set<Fold> folds = new LinkedHashSet<>();
      for (int part : nextOffsets.keySet()) {
        List<Fold> fed = foldsOf(part);
        feedsByPart.put(part, fed);
        folds.addAll(fed);
      }
      return folds;
    }

    private List<Fold> foldsOf(int part) {
      Map<Fold, Long> known = before.getOrDefault(part, Map.of());
      List<Fold> folds = new ArrayList<>(known.keySet());
      folds.removeIf(fold -> !fold.isOfAProjection() || !isFedHere(fold, part));
      if (!known.containsKey(REQUESTS)) {
        addThoseThatBegin(part, folds);
      }
      return folds;
    }

    private boolean isFedHere(Fold fold, int part) {
      if (generations.canFeed(fold) && position(fold, part) >= position(REQUESTS, part)) {
        return true;
      }
      positions.forget(fold, part);
      if (generations.find(fold).map(Generation::isFed).orElse(true)) {
        giveAway(fold, part);
      }
      return false;
    }

    /**
     * A process that knows how to write it goes on from here, if there is one. It also catches up
     * with what this fold took in before that one was handed over.
     */
    private void giveAway(Fold fold, int part) {
      feeds.add(List.of(new Feed(fold, part, 0, null, position(fold, part))));
      log.info("{} is fed apart in partition {} again.", fold.id(), part);
    }

    /**
     * Nothing of a partition was folded yet: what answers begins here, and what is kept beside it,
     * unless it is fed apart.
     */
    private void addThoseThatBegin(int part, List<Fold> folds) {
      for (LogProjection projection : projections) {
        for (Generation each : generations.of(projection.name())) {
          Fold fold = each.fold();
          if (isFedAnywhere(each) && !folds.contains(fold) && feeds.lock(fold, part).isEmpty()) {
            if (generations.canFeed(fold)) {
              folds.add(fold);
            } else {
              giveAway(fold, part);
            }
          }
        }
      }
    }

    /** What is being dropped is not begun again. */
    private boolean isFedAnywhere(Generation generation) {
      Fold fold = generation.fold();
      return generation.state() == Generation.State.LIVE
          || (generation.isFed()
              && (!positions.positions(fold).isEmpty() || feeds.all().containsKey(fold)));
    }

    void foldInto(Fold fold, List<ReceivedLog> unique) {
      GenerationWriter writer = writer(fold);
      List<ReceivedLog> taken = new ArrayList<>(unique.size());
      int part = -1;
      long position = 0;
      for (ReceivedLog received : unique) {
        if (received.part() != part) {
          part = received.part();
          position =
              feedsByPart.getOrDefault(part, List.of()).contains(fold)
                  ? position(fold, part)
                  : Long.MAX_VALUE;
        }
        if (received.offset() >= position) {
          boolean takes = careful.takes(fold, writer, received);
          sheet.add(fold, received, takes ? LedgerEntry.FOLDED : LedgerEntry.PASSED_OVER);
          if (takes) {
            taken.add(received);
          }
        }
      }
      if (!taken.isEmpty()) {
        for (ReceivedLog parked : careful.fold(fold, writer, taken, this::record)) {
          sheet.move(fold, parked, LedgerEntry.FOLDED, LedgerEntry.DEAD_LETTERED);
        }
      }
      feedsByPart.forEach(
          (moved, folds) -> {
            if (folds.contains(fold)) {
              move(fold, moved);
            }
          });
    }

    Map<Integer, Map<Fold, Long>> after() {
      Map<Integer, Map<Fold, Long>> after = new HashMap<>();
      feedsByPart.forEach(
          (part, fed) -> {
            Map<Fold, Long> kept = new HashMap<>(before.getOrDefault(part, Map.of()));
            kept.keySet().removeIf(fold -> fold.isOfAProjection() && !fed.contains(fold));
            after.put(part, kept);
          });
      moves.forEach(
          move ->
              after
                  .computeIfAbsent(move.part(), part -> new HashMap<>())
                  .put(move.fold(), move.nextOffset()));
      return after;
    }

    private long position(Fold fold, int part) {
      return before.getOrDefault(part, Map.of()).getOrDefault(fold, 0L);
    }

    private void move(Fold fold, int part) {
      long nextOffset = nextOffsets.getOrDefault(part, 0L);
      if (nextOffset > position(fold, part)) {
        moves.add(new Position(fold, part, nextOffset));
      }
    }

    private ConsumerRecord<String, byte[]> record(ReceivedLog received) {
      return Objects.requireNonNull(batches.get(received.part())).record(received);
    }

    private void park(List<DeadLetter> unreadable) {
      letters.park(unreadable);
      if (!unreadable.isEmpty()) {
        log.warn("{} records cannot be read; the first: {}", unreadable.size(), unreadable.get(0));
      }
    }
  }
}
