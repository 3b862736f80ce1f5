package io.logfold.query.fold;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;

/** From a Kafka record to an event message that knows where it stands on the log. */
final class LogRecord {

  /** A line costs a bit of its request's memory; no receiver takes requests this long. */
  private static final int MAX_LINE = 10_000_000;

  private final KafkaMessageConverter<String, byte[]> converter;

  LogRecord(KafkaMessageConverter<String, byte[]> converter) {
    this.converter = converter;
  }

  /** Always a message: of {@link UnreadableRecord} when the record is no event of ours. */
  EventMessage<?> read(ConsumerRecord<String, byte[]> record) {
    return readable(record).andMetaData(Place.of(record).toMetaData());
  }

  private EventMessage<?> readable(ConsumerRecord<String, byte[]> record) {
    try {
      EventMessage<?> message =
          converter
              .readKafkaMessage(record)
              .orElseThrow(() -> new IllegalArgumentException("it lacks the headers of an event"));
      requireWhole(message.getPayload());
      return message;
    } catch (RuntimeException e) {
      return GenericEventMessage.asEventMessage(
          new UnreadableRecord(String.valueOf(e.getMessage())));
    }
  }

  @SuppressWarnings(
      "ConstantValue") // JSON knows nothing of our nullness: a foreign record may lack fields
  private static void requireWhole(Object payload) {
    if (payload instanceof LogReceived received) {
      AccessLog log = received.log();
      if (received.request() == null
          || received.line() < 0
          || received.line() > MAX_LINE
          || log == null
          || log.time() == null
          || log.ip() == null
          || log.method() == null
          || log.path() == null
          || log.source() == null) {
        throw new IllegalArgumentException(
            "a LogReceived lacks a field that it must have, or has an impossible line");
      }
    } else if (!(payload instanceof LogsRejected rejected) || rejected.countByCode() == null) {
      throw new IllegalArgumentException("it is no event of this log: " + payload.getClass());
    }
  }
}
