package io.logfold.command.incidents;

import io.logfold.command.eventstore.OneAtATime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.extensions.kafka.eventhandling.DefaultKafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.consumer.AsyncFetcher;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaEventMessage;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.StreamableKafkaMessageSource;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires {@link ThresholdInbox} to the topic the read side tells its findings on. */
@Configuration(proxyBeanMethods = false)
class ThresholdsConfiguration {

  private static final Duration POLL = Duration.ofMillis(250);

  /** Of daemons: a fetcher whose buffer is full when its stream is closed waits for ever. */
  @Bean(destroyMethod = "shutdown")
  ExecutorService thresholdFetchers() {
    return Executors.newCachedThreadPool(
        work -> {
          Thread thread = new Thread(work, "thresholds-fetch");
          thread.setDaemon(true);
          return thread;
        });
  }

  @Bean(destroyMethod = "shutdown")
  AsyncFetcher<String, byte[], KafkaEventMessage> thresholdFetcher(
      ExecutorService thresholdFetchers) {
    return AsyncFetcher.<String, byte[], KafkaEventMessage>builder()
        .pollTimeout(POLL.toMillis())
        .executorService(thresholdFetchers)
        .build();
  }

  @Bean
  ConfigurerModule thresholds(
      AsyncFetcher<String, byte[], KafkaEventMessage> fetcher,
      @Qualifier("eventSerializer") ObjectProvider<Serializer> serializer,
      @Value("${logfold.thresholds.topic:logfold.thresholds}") String topic,
      @Value("${logfold.kafka.bootstrap-servers}") String bootstrapServers) {
    return configurer ->
        OneAtATime.register(
            configurer.eventProcessing(),
            ThresholdInbox.PROCESSOR,
            axon ->
                source(
                    fetcher,
                    converter(axon, serializer.getObject()),
                    serializer.getObject(),
                    topic,
                    bootstrapServers));
  }

  /** Findings of an earlier release are brought up to date, as those in the event store are. */
  static KafkaMessageConverter<String, byte[]> converter(
      org.axonframework.config.Configuration axon, Serializer serializer) {
    return DefaultKafkaMessageConverter.builder()
        .serializer(serializer)
        .upcasterChain(axon.upcasterChain())
        .build();
  }

  private static StreamableKafkaMessageSource<String, byte[]> source(
      AsyncFetcher<String, byte[], KafkaEventMessage> fetcher,
      KafkaMessageConverter<String, byte[]> converter,
      Serializer serializer,
      String topic,
      String bootstrapServers) {
    return StreamableKafkaMessageSource.<String, byte[]>builder()
        .topics(List.of(topic))
        .serializer(serializer)
        .messageConverter(converter)
        .consumerFactory(group -> consumer(topic, bootstrapServers))
        .fetcher(fetcher)
        .bufferFactory(InOrder::new)
        .build();
  }

  /**
   * One that has found the topic. Else it is closed here: the source forgets a consumer that Kafka
   * does not answer, and would make another one with each try.
   */
  private static Consumer<String, byte[]> consumer(String topic, String bootstrapServers) {
    Consumer<String, byte[]> consumer = new KafkaConsumer<>(settings(bootstrapServers));
    try {
      if (!consumer.listTopics().containsKey(topic)) {
        throw new KafkaException("There is no topic " + topic + " yet");
      }
      return consumer;
    } catch (KafkaException e) {
      consumer.close();
      throw e;
    }
  }

  private static Map<String, Object> settings(String bootstrapServers) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "logfold-command-thresholds");
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // Less than an end of the process waits for.
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 3_000);
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
    settings.put(ConsumerConfig.RECONNECT_BACKOFF_MS_CONFIG, 500);
    settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
    return settings;
  }
}
