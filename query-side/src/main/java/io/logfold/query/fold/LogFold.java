package io.logfold.query.fold;

import static io.logfold.query.fold.Fold.REQUESTS;

import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.query.fold.FoldPositionTable.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
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
class LogFold {

  static final String PROCESSOR = "log-fold";

  private static final String BATCHES = LogFold.class.getName();
  private static final Logger log = LoggerFactory.getLogger(LogFold.class);

  private final LogRecord records;
  private final FoldPositionTable positions;
  private final RequestMemory requests;
  private final LedgerTable ledger;
  private final FoldMeters meters;
  private final ReadAhead readAhead;
  private final Generations generations;
  private final List<LogProjection> projections;
  private final Map<Fold, GenerationWriter> writers = new ConcurrentHashMap<>();
  private final Map<Integer, Map<Fold, Long>> committed = new ConcurrentHashMap<>();

  LogFold(
      LogRecord records,
      FoldPositionTable positions,
      RequestMemory requests,
      LedgerTable ledger,
      FoldMeters meters,
      ReadAhead readAhead,
      Generations generations,
      List<LogProjection> projections) {
    this.records = records;
    this.positions = positions;
    this.requests = requests;
    this.ledger = ledger;
    this.meters = meters;
    this.readAhead = readAhead;
    this.generations = generations;
    this.projections = projections;
  }

  /** As the log is read: many records in one message. */
  @EventHandler
  void on(LogChunk chunk) {
    Batch batch = batch(chunk.place().part());
    records.read(chunk).forEach(batch::add);
  }

  @EventHandler
  void on(LogReceived event, MetaData metaData) {
    add(Place.of(metaData).arrivalOf(event));
  }

  @EventHandler
  void on(LogsRejected event, MetaData metaData) {
    add(Place.of(metaData).arrivalOf(event));
  }

  @EventHandler
  void on(UnreadableRecord event, MetaData metaData) {
    add(Place.of(metaData).arrivalOf(event));
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
        Fold fold = liveFold(projection);
        projection.clear(fold.generation());
        forget(fold);
        writers.remove(fold);
        generations.adopt(projection);
      }
    }
    // The repeats are found again by folding again, from the same beginning as the projections.
    requests.clear();
    forget(REQUESTS);
    readAhead.reset();
  }

  private void forget(Fold fold) {
    positions.forget(fold);
    ledger.clear(fold);
  }

  private void add(Arrival arrival) {
    batch(arrival.part()).add(arrival);
  }

  private Batch batch(int part) {
    UnitOfWork<?> root = CurrentUnitOfWork.get().root();
    Map<Integer, Batch> batches =
        root.getOrComputeResource(
            BATCHES,
            key -> {
              Map<Integer, Batch> created = new TreeMap<>();
              root.onPrepareCommit(committing -> fold(committing, created.values()));
              return created;
            });
    return batches.computeIfAbsent(part, Batch::new);
  }

  private void fold(UnitOfWork<?> root, Collection<Batch> batches) {
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
    for (LogProjection projection : projections) {
      turn.foldInto(projection, unique);
    }
    ledger.add(turn.sheet);
    positions.move(turn.moves);
    root.afterCommit(
        done -> {
          committed.putAll(turn.after());
          meters.folded(turn.sheet);
        });
  }

  private Fold liveFold(LogProjection projection) {
    return new Fold(projection.name(), generations.live(projection.name()));
  }

  private GenerationWriter writer(LogProjection projection, Fold fold) {
    return writers.computeIfAbsent(
        fold, key -> projection.writer(key.generation(), generations.rule(key.name())));
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
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Position> moves = new ArrayList<>();
    private final LedgerSheet sheet = new LedgerSheet();

    Turn(Map<Integer, Map<Fold, Long>> before) {
      this.before = before;
    }

    void take(Batch batch) {
      List<Arrival> fresh = batch.from(before.getOrDefault(batch.part(), Map.of()).get(REQUESTS));
      if (!fresh.isEmpty()) {
        arrivals.addAll(fresh);
        nextOffsets.put(batch.part(), batch.nextOffset());
        move(REQUESTS, batch.part());
      }
    }

    /** Accounts for every line and picks the logs that are seen for the first time. */
    List<ReceivedLog> unique() {
      List<LedgerEntry> entries = requests.judge(arrivals);
      List<ReceivedLog> unique = new ArrayList<>(arrivals.size());
      for (int i = 0; i < entries.size(); i++) {
        Arrival arrival = arrivals.get(i);
        LedgerEntry entry = entries.get(i);
        if (entry != LedgerEntry.UNIQUE) {
          sheet.add(REQUESTS, arrival, entry);
          report(arrival);
        } else if (arrival instanceof ReceivedLog received) {
          sheet.add(REQUESTS, received, entry);
          unique.add(received);
        } else if (arrival instanceof Arrival.Rejection rejection) {
          sheet.addRejected(REQUESTS, rejection);
        }
      }
      return unique;
    }

    void foldInto(LogProjection projection, List<ReceivedLog> unique) {
      Fold fold = liveFold(projection);
      GenerationWriter writer = writer(projection, fold);
      List<ReceivedLog> taken = new ArrayList<>(unique.size());
      int part = -1;
      long position = 0;
      for (ReceivedLog received : unique) {
        if (received.part() != part) {
          part = received.part();
          position = position(fold, part);
        }
        if (received.offset() >= position) {
          boolean takes = writer.takes(received.log());
          sheet.add(fold, received, takes ? LedgerEntry.FOLDED : LedgerEntry.PASSED_OVER);
          if (takes) {
            taken.add(received);
          }
        }
      }
      if (!taken.isEmpty()) {
        writer.fold(taken);
      }
      nextOffsets.keySet().forEach(moved -> move(fold, moved));
    }

    Map<Integer, Map<Fold, Long>> after() {
      Map<Integer, Map<Fold, Long>> after = new HashMap<>();
      nextOffsets
          .keySet()
          .forEach(part -> after.put(part, new HashMap<>(before.getOrDefault(part, Map.of()))));
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

    private void report(Arrival arrival) {
      if (arrival instanceof Arrival.Unreadable unreadable) {
        log.warn(
            "Passed over offset {} of partition {}: {}",
            unreadable.offset(),
            unreadable.part(),
            unreadable.reason());
      }
    }
  }
}
