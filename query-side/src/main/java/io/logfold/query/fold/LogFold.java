package io.logfold.query.fold;

import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.query.fold.FoldPositionTable.Fold;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The one reader of the event log: every projection rides on it.
 *
 * <p>It collects what Axon delivers in a batch and, as the batch commits, drops the repeats once,
 * lets each projection fold the rest once, and moves the positions: rows, memory of requests,
 * positions and Axon's token are one transaction. The positions, not the token, decide what is new;
 * so a delivery may be repeated by a restart, a takeover or a reset, and changes nothing.
 */
@Component
@ProcessingGroup(LogFold.PROCESSOR)
class LogFold {

  static final String PROCESSOR = "log-fold";

  private static final String BATCH = LogFold.class.getName();
  private static final Fold REQUESTS = new Fold("requests", 1);
  private static final Logger log = LoggerFactory.getLogger(LogFold.class);

  private final LogRecord records;
  private final FoldPositionTable positions;
  private final RequestMemory requests;
  private final Generations generations;
  private final List<LogProjection> projections;
  private final Map<Integer, Map<Fold, Long>> committed = new ConcurrentHashMap<>();
  private final Counter unique;
  private final Counter duplicate;
  private final Counter rejected;
  private final Counter unreadable;

  LogFold(
      LogRecord records,
      FoldPositionTable positions,
      RequestMemory requests,
      Generations generations,
      List<LogProjection> projections,
      MeterRegistry metrics) {
    this.records = records;
    this.positions = positions;
    this.requests = requests;
    this.generations = generations;
    this.projections = projections;
    this.unique = metrics.counter("logfold.fold.logs", "outcome", "unique");
    this.duplicate = metrics.counter("logfold.fold.logs", "outcome", "duplicate");
    this.rejected = metrics.counter("logfold.fold.rejected");
    this.unreadable = metrics.counter("logfold.fold.unreadable");
  }

  /** As the log is read: many records in one message. */
  @EventHandler
  void on(LogChunk chunk) {
    for (ConsumerRecord<String, byte[]> record : chunk.records()) {
      EventMessage<?> message = records.read(record);
      if (message.getPayload() instanceof LogReceived event) {
        on(event, message.getMetaData());
      } else if (message.getPayload() instanceof LogsRejected event) {
        on(event, message.getMetaData());
      } else if (message.getPayload() instanceof UnreadableRecord event) {
        on(event, message.getMetaData());
      }
    }
  }

  @EventHandler
  void on(LogReceived event, MetaData metaData) {
    Place place = Place.of(metaData);
    batch(place.part())
        .add(
            place.offset(), new ReceivedLog(place.part(), place.offset(), place.appended(), event));
  }

  /** Nothing to fold: the lines were answered and are counted on the log itself. */
  @EventHandler
  void on(LogsRejected event, MetaData metaData) {
    Place place = Place.of(metaData);
    Batch batch = batch(place.part());
    batch.add(place.offset(), null);
    batch.rejected += event.countByCode().values().stream().mapToInt(Integer::intValue).sum();
  }

  @EventHandler
  void on(UnreadableRecord event, MetaData metaData) {
    Place place = Place.of(metaData);
    log.warn(
        "Passed over offset {} of partition {}: {}", place.offset(), place.part(), event.reason());
    Batch batch = batch(place.part());
    batch.add(place.offset(), null);
    batch.unreadable++;
  }

  /** Sends every projection back to the beginning of the log. */
  @ResetHandler
  void reset() {
    reset(new FoldReset(projections.stream().map(LogProjection::name).toList()));
  }

  /** Sends the named projections back to the beginning of the log. */
  @ResetHandler
  void reset(FoldReset reset) {
    for (LogProjection projection : projections) {
      if (reset.projections().contains(projection.name())) {
        Fold fold = liveFold(projection);
        projection.clear(fold.generation());
        positions.forget(fold);
        generations.adopt(projection);
      }
    }
    // The repeats are found again by folding again, from the same beginning as the projections.
    requests.clear();
    positions.forget(REQUESTS);
  }

  private Batch batch(int part) {
    UnitOfWork<?> root = CurrentUnitOfWork.get().root();
    Map<Integer, Batch> batches =
        root.getOrComputeResource(
            BATCH,
            key -> {
              Map<Integer, Batch> created = new TreeMap<>();
              root.onPrepareCommit(committing -> fold(committing, created));
              return created;
            });
    return batches.computeIfAbsent(part, key -> new Batch());
  }

  private void fold(UnitOfWork<?> root, Map<Integer, Batch> batches) {
    root.onRollback(failed -> batches.keySet().forEach(this::forget));
    batches.forEach((part, batch) -> fold(root, part, batch));
  }

  private void fold(UnitOfWork<?> root, int part, Batch batch) {
    Map<Fold, Long> before = positions.lock(part);
    if (!before.equals(committed.get(part))) {
      forget(part);
    }
    batch.skipBelow(before.getOrDefault(REQUESTS, 0L));
    if (batch.isEmpty()) {
      return;
    }
    requireNoGap(part, before.get(REQUESTS), batch.firstOffset());
    List<ReceivedLog> logs = batch.logs();
    List<ReceivedLog> unseen = requests.unseen(part, logs);
    Map<Fold, Long> after = new HashMap<>(before);
    after.put(REQUESTS, batch.nextOffset());
    for (LogProjection projection : projections) {
      foldInto(projection, part, unseen, batch.nextOffset(), after);
    }
    positions.move(part, changed(before, after), batch.nextOffset());
    root.afterCommit(
        done -> {
          committed.put(part, after);
          unique.increment(unseen.size());
          duplicate.increment((double) logs.size() - unseen.size());
          rejected.increment(batch.rejected);
          unreadable.increment(batch.unreadable);
        });
  }

  private void foldInto(
      LogProjection projection,
      int part,
      List<ReceivedLog> unseen,
      long nextOffset,
      Map<Fold, Long> positionsByFold) {
    Fold fold = liveFold(projection);
    long position = positionsByFold.getOrDefault(fold, 0L);
    if (nextOffset <= position) {
      return;
    }
    List<ReceivedLog> fresh = unseen.stream().filter(seen -> seen.offset() >= position).toList();
    if (!fresh.isEmpty()) {
      projection.fold(fold.generation(), part, fresh);
    }
    positionsByFold.put(fold, nextOffset);
  }

  private Fold liveFold(LogProjection projection) {
    return new Fold(projection.name(), generations.live(projection.name()));
  }

  private void forget(int part) {
    committed.remove(part);
    projections.forEach(projection -> projection.forget(part));
  }

  private static List<Fold> changed(Map<Fold, Long> before, Map<Fold, Long> after) {
    return after.entrySet().stream()
        .filter(moved -> !moved.getValue().equals(before.get(moved.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Every record is delivered, readable or not, so a jump means that some were lost. */
  private static void requireNoGap(int part, @Nullable Long expected, long found) {
    if (expected != null && found > expected) {
      throw new IllegalStateException(
          "Partition %d was folded up to offset %d, but the log goes on at %d: the records between are missing."
              .formatted(part, expected, found));
    }
  }

  /** What a transaction takes in of one partition. */
  private static final class Batch {
    private final List<Long> offsets = new ArrayList<>();
    private final List<@Nullable ReceivedLog> logs = new ArrayList<>();
    private int rejected;
    private int unreadable;
    private long from;

    void add(long offset, @Nullable ReceivedLog received) {
      if (!offsets.isEmpty() && offset < nextOffset()) {
        return; // delivered again
      }
      offsets.add(offset);
      logs.add(received);
    }

    void skipBelow(long offset) {
      from = offset;
    }

    boolean isEmpty() {
      return offsets.get(offsets.size() - 1) < from;
    }

    long firstOffset() {
      return offsets.stream().filter(offset -> offset >= from).findFirst().orElseThrow();
    }

    long nextOffset() {
      return offsets.get(offsets.size() - 1) + 1;
    }

    List<ReceivedLog> logs() {
      List<ReceivedLog> fresh = new ArrayList<>(logs.size());
      for (ReceivedLog received : logs) {
        if (received != null && received.offset() >= from) {
          fresh.add(received);
        }
      }
      return fresh;
    }
  }
}
