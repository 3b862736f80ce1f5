package io.logfold.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logfold.api.alerts.AlertRuleEvent;
import io.logfold.api.alerts.Evidence;
import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.Target;
import io.logfold.api.alerts.ThresholdEvent.Crossed;
import io.logfold.api.incidents.IncidentEvent;
import io.logfold.api.incidents.Resolution;
import io.logfold.query.QuerySideApplication;
import io.logfold.query.fold.Generation.Switching;
import io.logfold.query.fold.Generations;
import io.logfold.query.replay.Replays;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.core.ThrowingRunnable;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.extensions.kafka.eventhandling.producer.ConfirmationMode;
import org.axonframework.extensions.kafka.eventhandling.producer.DefaultProducerFactory;
import org.axonframework.extensions.kafka.eventhandling.producer.KafkaPublisher;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Domain events over a real Kafka, by the extension's publisher and source, to HTTP. */
class DomainEventsIT {

  private static final String TOPIC = "logfold.domain-events";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant MINUTE = Instant.parse("2026-11-24T10:41:00Z");
  private static final RuleDefinition RULE =
      new RuleDefinition(
          "Checkout fails",
          new Scope("shop", null, null),
          Measure.SERVER_ERROR_SHARE,
          null,
          5,
          0.05,
          0.02,
          100,
          1,
          5,
          null,
          List.of(new Target(Target.Kind.WEBHOOK, "https://hooks.example.org/logfold")));
  private static final Crossed CROSSED =
      new Crossed("checkout", RULE, RULE.scope(), MINUTE, 0.31, 1_200, Evidence.NONE);

  @TempDir private static Path folder;
  private static ConfigurableApplicationContext side;
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(folder, 0);
    make(new NewTopic("logfold.access-logs", 1, (short) 1));
    side = querySide("read");
  }

  @AfterAll
  static void stop() {
    side.close();
    kafka.close();
  }

  @Test
  void mayComeToATopicThatIsMadeLater() throws Exception {
    try (ConfigurableApplicationContext early =
        querySide(
            "early",
            "--logfold.domain-events.topic=late",
            "--logfold.thresholds.topic=late-thresholds",
            "--logfold.domain-events.manage=false")) {
      assertThat(get(early, "/incidents").at("/total").asText()).isEqualTo("0");
      make(new NewTopic("late", 1, (short) 1), new NewTopic("late-thresholds", 1, (short) 1));
      publish("late", event("i", 0, new IncidentEvent.Opened("i", CROSSED)));
      eventually(() -> assertThat(get(early, "/incidents").at("/total").asLong()).isEqualTo(1));
    }
  }

  @Test
  void areReadOnceThoughEachIsOnTheTopicTwice() throws Exception {
    for (DomainEventMessage<?> event : life("once")) {
      publish(event, event);
    }
    eventually(() -> assertWholeLife("once"));
  }

  @Test
  void areReadOnceThoughAllOfThemArePublishedAgain() throws Exception {
    publish(life("again").toArray(DomainEventMessage<?>[]::new));
    publish(life("again").toArray(DomainEventMessage<?>[]::new));
    publish(event("end-of-again", 0, new IncidentEvent.Opened("end-of-again", CROSSED)));
    eventually(() -> assertThat(get("/incidents/end-of-again").has("incident")).isTrue());
    assertWholeLife("again");
  }

  @Test
  void giveTheSameAnswersWhenTheyAreReadFromTheBeginningAgain() throws Exception {
    publish(life("replayed").toArray(DomainEventMessage<?>[]::new));
    eventually(() -> assertWholeLife("replayed"));
    JsonNode before = get("/incidents/replayed");
    for (String projection : List.of("incidents", "alert-rules")) {
      int begun =
          side.getBean(Replays.class)
              .begin(projection, null, null, Switching.WHEN_READY)
              .fold()
              .generation();
      Generations generations = side.getBean(Generations.class);
      eventually(() -> assertThat(generations.live(projection)).isEqualTo(begun));
    }
    assertThat(get("/incidents/replayed")).isEqualTo(before);
    eventually(() -> assertWholeLife("replayed"));
  }

  @Test
  void areOnATopicOfOnePartitionThatIsKeptForEver() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      for (String topic : List.of(TOPIC, "logfold.thresholds")) {
        eventually(() -> assertThat(admin.listTopics().names().get()).contains(topic));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        assertThat(
                admin
                    .describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get("retention.ms")
                    .value())
            .isEqualTo("-1");
        assertThat(
                admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions())
            .hasSize(1);
      }
    }
  }

  /** What happens to a rule and an incident of the same id. */
  private static List<DomainEventMessage<?>> life(String id) {
    return List.of(
        event(id + "-rule", 0, new AlertRuleEvent.Defined(id, RULE)),
        event(id, 0, new IncidentEvent.Opened(id, CROSSED)),
        event(id, 1, new IncidentEvent.Acknowledged(id, "ann", "")),
        event(id + "-rule", 1, new AlertRuleEvent.Paused(id)),
        event(
            id,
            2,
            new IncidentEvent.Resolved(
                id, CROSSED, MINUTE, MINUTE.plusSeconds(300), Resolution.RULE_PAUSED)));
  }

  private static void assertWholeLife(String id) {
    JsonNode history = get("/incidents/" + id);
    assertThat(history.at("/incident/state").asText()).isEqualTo("RESOLVED");
    assertThat(history.at("/incident/until").asText()).isEqualTo("2026-11-24T10:46:00Z");
    assertThat(history.at("/timeline").findValuesAsText("what"))
        .containsExactly("OPENED", "ACKNOWLEDGED", "RESOLVED");
    assertThat(history.at("/timeline/1/at").asText()).isEqualTo("2026-11-24T10:42:00.123Z");
    assertThat(get("/alert-rules/" + id).at("/state").asText()).isEqualTo("PAUSED");
  }

  private static DomainEventMessage<?> event(String aggregateId, long sequence, Object event) {
    return new GenericDomainEventMessage<>(
        "Aggregate",
        aggregateId,
        sequence,
        new GenericMessage<>(event),
        MINUTE.plusSeconds(60 * sequence).plusMillis(123));
  }

  private static void publish(DomainEventMessage<?>... events) throws Exception {
    publish(TOPIC, events);
  }

  private static void publish(String topic, DomainEventMessage<?>... events) throws Exception {
    var producers =
        DefaultProducerFactory.<String, byte[]>builder()
            .configuration(
                Map.of(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    kafka.bootstrapServers(),
                    ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                    StringSerializer.class,
                    ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                    ByteArraySerializer.class))
            .confirmationMode(ConfirmationMode.WAIT_FOR_ACK)
            .build();
    KafkaPublisher<String, byte[]> publisher =
        KafkaPublisher.<String, byte[]>builder()
            .producerFactory(producers)
            .serializer(side.getBean("eventSerializer", Serializer.class))
            .topicResolver(event -> Optional.of(topic))
            .build();
    for (DomainEventMessage<?> event : events) {
      DefaultUnitOfWork.startAndGet(event).execute(() -> publisher.send(event));
    }
    publisher.shutDown();
  }

  private static void make(NewTopic... topics) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(topics)).all().get();
    }
  }

  private static ConfigurableApplicationContext querySide(String database, String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--spring.datasource.url=jdbc:h2:mem:domain-events-"
                    + database
                    + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1",
                "--spring.data.redis.repositories.enabled=false",
                "--logfold.cache.store=caffeine",
                "--logfold.kafka.bootstrap-servers=" + kafka.bootstrapServers()));
    arguments.addAll(List.of(settings));
    return new SpringApplicationBuilder(QuerySideApplication.class)
        .properties("spring.config.name=query-side")
        .run(arguments.toArray(String[]::new));
  }

  private static JsonNode get(String path) {
    return get(side, path);
  }

  private static JsonNode get(ConfigurableApplicationContext side, String path) {
    int port = ((WebServerApplicationContext) side).getWebServer().getPort();
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return JSON.readTree(
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new AssertionError(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(path, e);
    }
  }

  private static void eventually(ThrowingRunnable holds) {
    await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(100)).untilAsserted(holds);
  }
}
