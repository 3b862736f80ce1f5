package io.logfold.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.logfold.api.ingest.LogReceived;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.extensions.kafka.eventhandling.DefaultKafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.json.JacksonSerializer;

/** A request's logs on their way over Kafka, by the extension's own converter. */
public final class Records {

  private static final String TOPIC = "logs";

  private Records() {}

  /** As both sides have it. */
  public static Serializer serializer() {
    ObjectMapper mapper =
        new ObjectMapper()
            .findAndRegisterModules()
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
    return JacksonSerializer.builder().objectMapper(mapper).build();
  }

  public static KafkaMessageConverter<String, byte[]> converter() {
    return DefaultKafkaMessageConverter.builder()
        .serializer(serializer())
        .sequencingPolicy(event -> "web-1")
        .build();
  }

  /** As the command handler publishes them. */
  public static List<EventMessage<?>> messages() {
    Instant now = Instant.parse("2026-11-23T14:21:27Z");
    List<EventMessage<?>> messages = new ArrayList<>(Requests.SIZE);
    for (LogReceived event : Requests.events()) {
      String id = event.request() + ":" + event.line();
      messages.add(new GenericEventMessage<>(id, event, MetaData.emptyInstance(), now));
    }
    return messages;
  }

  /** As a consumer gets them. */
  public static List<ConsumerRecord<String, byte[]>> records() {
    KafkaMessageConverter<String, byte[]> converter = converter();
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>(Requests.SIZE);
    for (EventMessage<?> message : messages()) {
      records.add(record(records.size(), converter.createKafkaMessage(message, TOPIC)));
    }
    return records;
  }

  private static ConsumerRecord<String, byte[]> record(
      int offset, ProducerRecord<String, byte[]> sent) {
    return new ConsumerRecord<>(
        TOPIC,
        0,
        offset,
        1_795_447_858_000L,
        TimestampType.LOG_APPEND_TIME,
        sent.key().length(),
        sent.value().length,
        sent.key(),
        sent.value(),
        sent.headers(),
        Optional.empty());
  }
}
