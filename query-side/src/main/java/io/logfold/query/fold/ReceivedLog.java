package io.logfold.query.fold;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A log and where it stands on the event log.
 *
 * @param part Kafka partition
 * @param offset offset in the partition
 * @param appended when the broker appended it
 * @param event what was received
 */
public record ReceivedLog(int part, long offset, Instant appended, LogReceived event)
    implements Arrival {

  /** What was logged. */
  public AccessLog log() {
    return event.log();
  }

  @Override
  public String source() {
    return event.log().source();
  }

  @Override
  public long lines() {
    return 1;
  }

  @Override
  public String request() {
    return event.request();
  }

  @Override
  public @Nullable String body() {
    return event.body();
  }

  @Override
  public int line() {
    return event.line();
  }

  /** What stands for its record where it came without one. */
  ConsumerRecord<String, byte[]> withoutRecord() {
    return new ConsumerRecord<>(
        "",
        part,
        offset,
        appended.toEpochMilli(),
        TimestampType.LOG_APPEND_TIME,
        0,
        0,
        null,
        null,
        new RecordHeaders(),
        Optional.empty());
  }

  /**
   * The log's position as one number: the same after every rebuild, ordered within a partition, and
   * below 2<sup>53</sup>, so that JSON readers keep every digit, up to offset 2<sup>41</sup>.
   */
  public long id() {
    return offset * 4096 + part;
  }
}
