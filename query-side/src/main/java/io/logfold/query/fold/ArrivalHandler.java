package io.logfold.query.fold;

import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/** Collects what Axon delivers in a batch, and takes it in whole as the batch commits. */
abstract class ArrivalHandler {

  private static final String BATCHES = ArrivalHandler.class.getName();

  private final LogRecord records;

  ArrivalHandler(LogRecord records) {
    this.records = records;
  }

  /** As the log is read: many records in one message. */
  @EventHandler
  void on(LogChunk chunk) {
    batch(chunk.part()).add(chunk, records.read(chunk));
  }

  @EventHandler
  void on(LogReceived event, MetaData metaData) {
    add(Place.of(metaData).arrivalOf(event));
  }

  @EventHandler
  void on(LogsRejected event, MetaData metaData) {
    add(Place.of(metaData).arrivalOf(event));
  }

  /** Takes the batches of a transaction in, one of each partition. */
  abstract void fold(UnitOfWork<?> root, Collection<Batch> batches);

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
}
