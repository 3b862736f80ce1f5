package io.logfold.query.domainevents;

import io.logfold.query.fold.FeedPositionTable;
import io.logfold.query.fold.Generations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Wires the projections of domain events to Axon and Kafka: one segment, so one process reads, and
 * another takes over when it is gone.
 */
@Configuration(proxyBeanMethods = false)
class DomainEventsConfiguration {

  /** How often a process says that it is there, and looks whether the segment is nobody's. */
  static final Duration CLAIM_INTERVAL = Duration.ofSeconds(2);

  /** Events that a transaction takes at most. */
  static final int BATCH_SIZE = 50;

  /** Only who asks for it by name gets it: the source of the log is the default one. */
  @Bean(defaultCandidate = false)
  StreamableMessageSource<TrackedEventMessage<?>> domainEventSource(
      @Value("${logfold.kafka.bootstrap-servers}") String servers,
      @Qualifier("eventSerializer") Serializer serializer,
      KafkaMessageConverter<String, byte[]> eventConverter,
      DomainEventsProperties properties,
      SmallTopics topics) {
    return new DomainEventSource(
        () -> new KafkaConsumer<>(consumerSettings(servers)),
        serializer,
        eventConverter,
        properties.topic(),
        topics::areThere);
  }

  @Bean
  ConfigurerModule domainEventsProcessor(
      @Qualifier("domainEventSource")
          ObjectProvider<StreamableMessageSource<TrackedEventMessage<?>>> domainEventSource,
      Generations generations,
      FeedPositionTable feeds,
      List<DomainEventProjection> projections) {
    generations.ensure(projections, joins -> feeds.begin(joins, 0, 0));
    return configurer ->
        configurer
            .eventProcessing()
            .registerPooledStreamingEventProcessor(
                DomainEventProjection.PROCESSOR,
                axon -> domainEventSource.getObject(),
                (axon, builder) ->
                    builder
                        .initialSegmentCount(1)
                        .batchSize(BATCH_SIZE)
                        .tokenClaimInterval(CLAIM_INTERVAL.toMillis())
                        .claimExtensionThreshold(CLAIM_INTERVAL.toMillis())
                        .enableCoordinatorClaimExtension()
                        .initialToken(StreamableMessageSource::createTailToken)
                        .workerExecutor(
                            Executors.newSingleThreadScheduledExecutor(
                                new AxonThreadFactory(DomainEventProjection.PROCESSOR))))
            .registerListenerInvocationErrorHandler(
                DomainEventProjection.PROCESSOR, axon -> PropagatingErrorHandler.instance());
  }

  /** An offset that the topic does not hold is an error: to read on elsewhere would be a loss. */
  private static Map<String, Object> consumerSettings(String servers) {
    return Map.of(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
        servers,
        ConsumerConfig.CLIENT_ID_CONFIG,
        "logfold-domain-events",
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
        StringDeserializer.class,
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class,
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "none",
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
        10_000,
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed");
  }
}
