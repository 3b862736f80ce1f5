package io.logfold.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.command.CommandSideApplication;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.extensions.kafka.eventhandling.consumer.AsyncFetcher;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaEventMessage;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.StreamableKafkaMessageSource;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The topic as the write side makes it, finds it, and waits for it. */
class EventLogTopicIT {

  @TempDir private static Path folder;
  private static EmbeddedKafka kafka;
  private static Admin admin;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(folder.resolve("shared"), 0);
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  @AfterAll
  static void stop() {
    admin.close();
    kafka.close();
  }

  @Test
  void isMadeWithFourPartitionsAndKeptForEver() throws Exception {
    commandSide(kafka.bootstrapServers(), "logfold.log.topic=made").close();
    assertThat(partitions("made")).isEqualTo(4);
    assertThat(setting("made", "retention.ms")).isEqualTo("-1");
    assertThat(setting("made", "message.timestamp.type")).isEqualTo("LogAppendTime");
  }

  @Test
  void isRefusedWithAnotherNumberOfPartitionsThanItHas() {
    commandSide(kafka.bootstrapServers(), "logfold.log.topic=four").close();
    assertThatThrownBy(
            () ->
                commandSide(
                    kafka.bootstrapServers(), "logfold.log.topic=four", "logfold.log.partitions=8"))
        .rootCause()
        .hasMessageContaining("4 partitions")
        .hasMessageContaining("8");
  }

  @Test
  void isAlteredToAnotherRetention() throws Exception {
    commandSide(kafka.bootstrapServers(), "logfold.log.topic=kept").close();
    commandSide(kafka.bootstrapServers(), "logfold.log.topic=kept", "logfold.log.retention=30d")
        .close();
    assertThat(setting("kept", "retention.ms"))
        .isEqualTo(Long.toString(Duration.ofDays(30).toMillis()));
  }

  @Test
  void mayComeLaterThanTheWriteSideWhichRefusesUntilThen() throws Exception {
    int port = Servers.freePort();
    try (ConfigurableApplicationContext early = commandSide("127.0.0.1:" + port)) {
      HttpResponse<String> refused = post(early);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      try (EmbeddedKafka late = EmbeddedKafka.start(folder.resolve("late"), port)) {
        assertThat(late.bootstrapServers()).endsWith(":" + port);
        await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(() -> assertThat(post(early).statusCode()).isEqualTo(202));
      }
    }
  }

  @Test
  void isReadByTheExtensionsOwnSourceOneEventALog() throws Exception {
    Serializer serializer;
    try (ConfigurableApplicationContext side =
        commandSide(
            kafka.bootstrapServers(), "logfold.log.topic=one", "logfold.log.partitions=1")) {
      serializer = side.getBean("eventSerializer", Serializer.class);
      assertThat(post(side, "/a", "/b", "no log", "/d").statusCode()).isEqualTo(202);
      assertThat(post(side, "/e").statusCode()).isEqualTo(202);
    }
    List<Object> read = new ArrayList<>();
    try (BlockingStream<TrackedEventMessage<?>> stream =
        stockSource("one", serializer).openStream(null)) {
      while (read.size() < 5) {
        assertThat(stream.hasNextAvailable(30, TimeUnit.SECONDS)).isTrue();
        read.add(stream.nextAvailable().getPayload());
      }
    }
    assertThat(read)
        .filteredOn(LogReceived.class::isInstance)
        .extracting(event -> ((LogReceived) event).log().path())
        .containsExactly("/a", "/b", "/d", "/e");
    assertThat(read)
        .filteredOn(LogReceived.class::isInstance)
        .extracting(event -> ((LogReceived) event).line())
        .containsExactly(1, 2, 4, 1);
    assertThat(read).hasAtLeastOneElementOfType(LogsRejected.class);
  }

  private static StreamableKafkaMessageSource<String, byte[]> stockSource(
      String topic, Serializer serializer) {
    return StreamableKafkaMessageSource.<String, byte[]>builder()
        .topics(List.of(topic))
        .serializer(serializer)
        .consumerFactory(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "auto.offset.reset",
                "earliest",
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class))
        .fetcher(AsyncFetcher.<String, byte[], KafkaEventMessage>builder().build())
        .build();
  }

  private static ConfigurableApplicationContext commandSide(String kafka, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--spring.datasource.url=jdbc:h2:mem:topic-"
                    + System.nanoTime()
                    + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE",
                "--spring.data.redis.repositories.enabled=false",
                "--logfold.kafka.bootstrap-servers=" + kafka));
    for (String setting : more) {
      arguments.add("--" + setting);
    }
    return CommandSideApplication.application().run(arguments.toArray(String[]::new));
  }

  private static HttpResponse<String> post(ConfigurableApplicationContext side) throws Exception {
    return post(side, "/");
  }

  /** A request of a line a path; what has no leading slash stands for itself. */
  private static HttpResponse<String> post(ConfigurableApplicationContext side, String... paths)
      throws Exception {
    int port = ((WebServerApplicationContext) side).getWebServer().getPort();
    String body =
        Stream.of(paths)
            .map(path -> path.startsWith("/") ? line(path) : path)
            .collect(Collectors.joining("\n"));
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/logs"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String line(String path) {
    return Instant.now() + " 10.0.0.1 GET " + path + " 200 1ms";
  }

  private static int partitions(String topic) throws Exception {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .partitions()
        .size();
  }

  private static String setting(String topic, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
  }
}
