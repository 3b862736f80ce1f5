package io.logfold.query.judging;

import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.DefaultKafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.producer.ConfirmationMode;
import org.axonframework.extensions.kafka.eventhandling.producer.DefaultProducerFactory;
import org.axonframework.extensions.kafka.eventhandling.producer.KafkaPublisher;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.serialization.Serializer;

/** Tells by a Kafka topic of one partition, as Axon's Kafka extension writes it. */
final class KafkaTeller implements Teller {

  private static final int MAX_BLOCK_MS = 3_000;
  private static final int REQUEST_TIMEOUT_MS = 4_000;
  private static final int DELIVERY_TIMEOUT_MS = 8_000;

  /** Longer than a delivery takes at most, so that what failed can not come after all. */
  private static final int ACK_TIMEOUT_MS = MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS + 1_000;

  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final DefaultProducerFactory<String, byte[]> producers;
  private final KafkaPublisher<String, byte[]> publisher;

  KafkaTeller(String servers, ThresholdProperties properties, Serializer serializer) {
    this.producers =
        DefaultProducerFactory.<String, byte[]>builder()
            .configuration(producerSettings(servers))
            .confirmationMode(ConfirmationMode.WAIT_FOR_ACK)
            .closeTimeout(CLOSE)
            .build();
    this.publisher =
        KafkaPublisher.<String, byte[]>builder()
            .producerFactory(producers)
            .messageConverter(DefaultKafkaMessageConverter.builder().serializer(serializer).build())
            .serializer(serializer)
            .topicResolver(event -> Optional.of(properties.topic()))
            .publisherAckTimeout(ACK_TIMEOUT_MS)
            .build();
  }

  @Override
  public void tell(List<EventMessage<?>> events) {
    DefaultUnitOfWork.startAndGet(null).execute(() -> events.forEach(this::send));
  }

  @PreDestroy
  void close() {
    producers.shutDown();
  }

  private void send(EventMessage<?> event) {
    publisher.send(event);
    if (Thread.currentThread().isInterrupted()) {
      // The publisher keeps it to itself that it did not wait for the answer.
      throw new KafkaException("Interrupted while telling " + event.getIdentifier());
    }
  }

  private static Map<String, Object> producerSettings(String servers) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "logfold-thresholds");
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
    return settings;
  }
}
