package io.logfold.command.ingest;

import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.api.ingest.RequestId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.DefaultKafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.messaging.Headers;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The Axon Kafka extension's wire format: same key, headers and bytes as its own converter, which
 * the stock consumer reads. A {@link LogReceived} without metadata, that is every log unless an
 * interceptor adds some, is written by hand; everything else goes the extension's way. Thread-safe.
 */
final class LogRecordConverter implements KafkaMessageConverter<String, byte[]> {

  private final KafkaMessageConverter<String, byte[]> stock;
  private final Header type;
  private final Header revision;

  LogRecordConverter(Serializer events) {
    this.stock =
        DefaultKafkaMessageConverter.builder()
            .serializer(events)
            .sequencingPolicy(LogRecordConverter::keyOf)
            .build();
    SerializedType log = events.typeForClass(LogReceived.class);
    this.type = new RecordHeader(Headers.MESSAGE_TYPE, utf8(log.getName()));
    this.revision = new RecordHeader(Headers.MESSAGE_REVISION, utf8(log.getRevision()));
  }

  /** The record's key keeps a request's logs together. */
  private static @Nullable String keyOf(EventMessage<?> event) {
    Object payload = event.getPayload();
    if (payload instanceof LogReceived received) {
      return new RequestId(received.request()).stream();
    }
    return payload instanceof LogsRejected rejected
        ? new RequestId(rejected.request()).stream()
        : null;
  }

  @Override
  public ProducerRecord<String, byte[]> createKafkaMessage(EventMessage<?> event, String topic) {
    return batch(topic).record(event);
  }

  @Override
  public Optional<EventMessage<?>> readKafkaMessage(ConsumerRecord<String, byte[]> record) {
    return stock.readKafkaMessage(record);
  }

  /** Converts the events of one request, one after another. */
  Batch batch(String topic) {
    return new Batch(topic);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Remembers what the last event had in common with the next; not thread-safe. */
  final class Batch {

    private final String topic;
    private final LogJson json = new LogJson();
    private String request = "";
    private String key = "";
    private Instant time = Instant.EPOCH;
    private Header timestamp = timestampOf(time);

    private Batch(String topic) {
      this.topic = topic;
    }

    ProducerRecord<String, byte[]> record(EventMessage<?> event) {
      return event.getPayload() instanceof LogReceived received && isBare(event)
          ? new ProducerRecord<>(
              topic, null, null, keyOf(received), json.write(received), headersOf(event))
          : stock.createKafkaMessage(event, topic);
    }

    private static boolean isBare(EventMessage<?> event) {
      return event.getMetaData().isEmpty() && !(event instanceof DomainEventMessage);
    }

    private String keyOf(LogReceived received) {
      if (!request.equals(received.request())) {
        request = received.request();
        key = new RequestId(request).stream();
      }
      return key;
    }

    private List<Header> headersOf(EventMessage<?> event) {
      if (!time.equals(event.getTimestamp())) {
        time = event.getTimestamp();
        timestamp = timestampOf(time);
      }
      Header id = new RecordHeader(Headers.MESSAGE_ID, utf8(event.getIdentifier()));
      return List.of(id, revision, timestamp, type);
    }

    private static Header timestampOf(Instant time) {
      byte[] millis = ByteBuffer.allocate(Long.BYTES).putLong(time.toEpochMilli()).array();
      return new RecordHeader(Headers.MESSAGE_TIMESTAMP, millis);
    }
  }
}
