package io.logfold.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logfold.api.alerts.AlertRuleCommand;
import io.logfold.api.alerts.Evidence;
import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.ThresholdEvent;
import io.logfold.command.CommandSideApplication;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.extensions.kafka.eventhandling.producer.ConfirmationMode;
import org.axonframework.extensions.kafka.eventhandling.producer.DefaultProducerFactory;
import org.axonframework.extensions.kafka.eventhandling.producer.KafkaPublisher;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * From findings on Kafka to events of incidents on Kafka, on a real database, by two processes of
 * which one goes away.
 */
class IncidentIT {

  private static final String RULE = "checkout-fails";
  private static final Scope SHOP = new Scope("shop", null, null);
  private static final Instant TEN = Instant.parse("2025-06-10T10:00:00Z");
  private static final RuleDefinition DEFINITION =
      new RuleDefinition(
          "Checkout fails",
          new Scope(Scope.EACH, null, null),
          Measure.SERVER_ERROR_SHARE,
          null,
          5,
          0.05,
          0.02,
          100,
          1,
          1,
          null,
          List.of());

  private static final String DATABASE = "incident_" + UUID.randomUUID().toString().substring(0, 8);

  @TempDir private Path folder;

  @Test
  void findingsThatAreToldTwiceGiveTheEventsOfOneIncident() throws Exception {
    try (EmbeddedKafka kafka = Servers.kafka(folder, 0)) {
      ConfigurableApplicationContext first = commandSide(kafka);
      try (ConfigurableApplicationContext second = commandSide(kafka)) {
        first
            .getBean(CommandGateway.class)
            .sendAndWait(new AlertRuleCommand.Define(RULE, DEFINITION));
        tell(kafka, second, crossed(0, 0.1), crossed(0, 0.1));
        awaitEvents(kafka, "Defined", "Opened");
        first.close();
        tell(kafka, second, crossed(0, 0.1), crossed(1, 0.3), crossed(1, 0.3), cleared(3));
        tell(kafka, second, crossed(1, 0.3), cleared(3), cleared(2));
        awaitEvents(kafka, "Defined", "Opened", "Worsened", "Resolved");
      } finally {
        first.close();
      }
      assertThat(partitions(kafka, "logfold.domain-events")).isEqualTo(1);
      assertThat(partitions(kafka, "logfold.thresholds")).isEqualTo(1);
    }
  }

  private static void awaitEvents(EmbeddedKafka kafka, String... names) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(domainEvents(kafka)).containsExactly(names));
  }

  /** In the order of the topic, each once however often it was published. */
  private static List<String> domainEvents(EmbeddedKafka kafka) {
    List<String> names = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records(kafka)) {
      String id = header(record, "axon-message-id");
      if (!seen.contains(id)) {
        seen.add(id);
        String type = header(record, "axon-message-type");
        names.add(type.substring(type.lastIndexOf('$') + 1));
      }
    }
    return names;
  }

  private static List<ConsumerRecord<String, byte[]>> records(EmbeddedKafka kafka) {
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
    TopicPartition partition = new TopicPartition("logfold.domain-events", 0);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static void tell(
      EmbeddedKafka kafka, ConfigurableApplicationContext side, ThresholdEvent... events) {
    Serializer serializer = side.getBean("eventSerializer", Serializer.class);
    DefaultProducerFactory<String, byte[]> producers =
        DefaultProducerFactory.<String, byte[]>builder()
            .configuration(
                Map.of(
                    "bootstrap.servers",
                    kafka.bootstrapServers(),
                    "key.serializer",
                    StringSerializer.class,
                    "value.serializer",
                    ByteArraySerializer.class))
            .confirmationMode(ConfirmationMode.WAIT_FOR_ACK)
            .build();
    KafkaPublisher<String, byte[]> publisher =
        KafkaPublisher.<String, byte[]>builder()
            .serializer(serializer)
            .producerFactory(producers)
            .topicResolver(event -> Optional.of("logfold.thresholds"))
            .publisherAckTimeout(10_000)
            .build();
    for (ThresholdEvent event : events) {
      GenericEventMessage<ThresholdEvent> message = new GenericEventMessage<>(event);
      DefaultUnitOfWork.startAndGet(message).execute(() -> publisher.send(message));
    }
    producers.shutDown();
  }

  private static ConfigurableApplicationContext commandSide(EmbeddedKafka kafka) throws Exception {
    Servers.Database server = Servers.database();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--spring.datasource.url=" + server.url(DATABASE, server.port()),
                "--spring.datasource.username=" + server.user(),
                "--spring.datasource.password=" + server.password(),
                "--spring.data.redis.repositories.enabled=false",
                "--logfold.incidents.settle=1s",
                "--logfold.kafka.bootstrap-servers=" + kafka.bootstrapServers()));
    server.settings().forEach((name, value) -> arguments.add("--" + name + "=" + value));
    return CommandSideApplication.application().run(arguments.toArray(String[]::new));
  }

  private static int partitions(EmbeddedKafka kafka, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .get(topic)
          .partitions()
          .size();
    }
  }

  private static ThresholdEvent crossed(int minute, double value) {
    return new ThresholdEvent.Crossed(
        RULE, DEFINITION, SHOP, TEN.plusSeconds(60L * minute), value, 1200, Evidence.NONE);
  }

  private static ThresholdEvent cleared(int minute) {
    return new ThresholdEvent.Cleared(RULE, SHOP, TEN.plusSeconds(60L * minute), 0.01, 1100);
  }
}
