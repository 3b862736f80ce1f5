package io.logfold.command.domainevents;

import io.logfold.command.eventstore.OneAtATime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.extensions.kafka.eventhandling.DefaultKafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.producer.ConfirmationMode;
import org.axonframework.extensions.kafka.eventhandling.producer.DefaultProducerFactory;
import org.axonframework.extensions.kafka.eventhandling.producer.KafkaPublisher;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires {@link PublishingOn} to the event store and to Kafka. */
@Configuration(proxyBeanMethods = false)
class DomainEventsConfiguration {

  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(8);

  @Bean(destroyMethod = "shutDown")
  KafkaPublisher<String, byte[]> domainEventPublisher(
      DomainEventsProperties settings,
      @Value("${logfold.kafka.bootstrap-servers}") String bootstrapServers,
      @Qualifier("eventSerializer") Serializer serializer) {
    return KafkaPublisher.<String, byte[]>builder()
        .serializer(serializer)
        .messageConverter(DefaultKafkaMessageConverter.builder().serializer(serializer).build())
        .producerFactory(
            DefaultProducerFactory.<String, byte[]>builder()
                .configuration(producerSettings(bootstrapServers))
                .confirmationMode(ConfirmationMode.WAIT_FOR_ACK)
                .build())
        .topicResolver(event -> Optional.of(settings.topic()))
        // A little longer than Kafka's client takes to give up by itself.
        .publisherAckTimeout(DELIVERY_TIMEOUT.plusSeconds(1).toMillis())
        .build();
  }

  @Bean
  ConfigurerModule publishingOn(
      ObjectProvider<KafkaPublisher<String, byte[]>> domainEventPublisher,
      ObjectProvider<EmbeddedEventStore> eventStore) {
    return configurer -> {
      OneAtATime.register(
          configurer.eventProcessing(), PublishingOn.PROCESSOR, axon -> eventStore.getObject());
      configurer
          .eventProcessing()
          .registerEventHandler(axon -> new PublishingOn(domainEventPublisher.getObject()))
          .assignHandlerTypesMatching(PublishingOn.PROCESSOR, PublishingOn.class::equals);
    };
  }

  private static Map<String, Object> producerSettings(String bootstrapServers) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "logfold-command-domain-events");
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 4L * 1024 * 1024);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis());
    return settings;
  }
}
