package io.logfold.query.fold;

import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.axonframework.messaging.MetaData;

/**
 * Where a record stands on the log, as metadata of its event.
 *
 * @param part Kafka partition
 * @param offset offset in the partition
 * @param appended when the broker appended it
 */
record Place(int part, long offset, Instant appended) {

  private static final String PART = "logfold-part";
  private static final String OFFSET = "logfold-offset";
  private static final String APPENDED = "logfold-appended";

  static Place of(ConsumerRecord<?, ?> record) {
    return new Place(record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp()));
  }

  Arrival arrivalOf(LogReceived event) {
    return new ReceivedLog(part, offset, appended, event);
  }

  Arrival arrivalOf(LogsRejected event) {
    return new Arrival.Rejection(part, offset, appended, event);
  }

  Arrival unreadable(String reason, ConsumerRecord<String, byte[]> record) {
    return new Arrival.Unreadable(part, offset, appended, reason, record);
  }

  Map<String, ?> toMetaData() {
    return Map.of(PART, part, OFFSET, offset, APPENDED, appended.toEpochMilli());
  }

  /**
   * Reads it back.
   *
   * @throws IllegalStateException if the event did not come from the log: to skip it would be a
   *     loss
   */
  static Place of(MetaData metaData) {
    if (metaData.get(PART) instanceof Integer part
        && metaData.get(OFFSET) instanceof Long offset
        && metaData.get(APPENDED) instanceof Long appended) {
      return new Place(part, offset, Instant.ofEpochMilli(appended));
    }
    throw new IllegalStateException("An event without a place on the log: " + metaData);
  }
}
