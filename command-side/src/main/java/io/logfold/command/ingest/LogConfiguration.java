package io.logfold.command.ingest;

import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import net.jpountz.lz4.LZ4Factory;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.eventhandling.SimpleEventBus;
import org.axonframework.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The way of access logs from the command handler to Kafka, beside the event store. */
@Configuration(proxyBeanMethods = false)
class LogConfiguration {

  private static final Logger log = LoggerFactory.getLogger(LogConfiguration.class);

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  /** Carries {@link LogReceived} and {@link LogsRejected} alone; nothing on it is stored here. */
  @Bean
  SimpleEventBus logEventBus(LogPublisher publisher) {
    SimpleEventBus bus = SimpleEventBus.builder().build();
    bus.subscribe(publisher);
    return bus;
  }

  @Bean
  LogRecordConverter logConverter(@Qualifier("eventSerializer") Serializer events) {
    return new LogRecordConverter(events);
  }

  /** Made on first use: with Kafka's host unknown yet, it cannot be made at all. */
  @Bean(destroyMethod = "close")
  @Lazy
  Producer<String, byte[]> logProducer(
      @Value("${logfold.kafka.bootstrap-servers}") String bootstrapServers) {
    useNativeLz4();
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "logfold-command");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 1);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // With this full a request waits up to max.block and is then refused; nothing grows.
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 32L * 1024 * 1024);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  /**
   * Within an executable jar Kafka's client would pack lz4 in plain Java, two to four times slower:
   * it takes the native code only where that is loaded already.
   */
  private static void useNativeLz4() {
    try {
      LZ4Factory.nativeInstance();
    } catch (LinkageError e) {
      log.info("No native lz4 here, using Java's: {}", e.getMessage());
    }
  }
}
