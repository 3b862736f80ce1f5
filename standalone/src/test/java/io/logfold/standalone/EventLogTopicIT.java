package io.logfold.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
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
    int port = ((WebServerApplicationContext) side).getWebServer().getPort();
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/logs"))
                .POST(
                    HttpRequest.BodyPublishers.ofString(Instant.now() + " 10.0.0.1 GET / 200 1ms"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
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
