package io.logfold.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logfold.command.CommandSideApplication;
import io.logfold.query.QuerySideApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ThrowingRunnable;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Both sides on real servers, with databases and a topic of their own, and a client for them. */
final class Pipeline implements AutoCloseable {

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();

  final Cuttable database;
  final Cuttable redis;
  private final Path kafkaFolder;
  private final int kafkaPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private EmbeddedKafka kafka;
  private final ConfigurableApplicationContext command;
  private final ConfigurableApplicationContext query;
  private final Servers.Database server;
  private final Map<String, Object> settings;
  private final String name;

  private Pipeline(Map<String, Object> settings) throws Exception {
    server = Servers.database();
    URI redisServer = Servers.redis();
    database = new Cuttable(server.host(), server.port());
    redis = new Cuttable(redisServer.getHost(), redisServer.getPort());
    Files.createDirectories(Path.of("target", "servers"));
    kafkaFolder = Files.createTempDirectory(Path.of("target", "servers"), "kafka");
    kafkaPort = Servers.freePort();
    kafka = Servers.kafka(kafkaFolder, kafkaPort);
    name = "logfold_it_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
    Map<String, Object> all = new HashMap<>(server.settings());
    all.put("server.port", 0);
    all.put("server.address", "127.0.0.1");
    all.put("spring.datasource.username", server.user());
    all.put("spring.datasource.password", server.password());
    all.put("logfold.kafka.bootstrap-servers", kafka.bootstrapServers());
    all.put("spring.data.redis.url", "redis://127.0.0.1:" + redis.port());
    all.put("spring.data.redis.repositories.enabled", false);
    all.put("logfold.cache.hour", "100ms");
    all.put("logfold.cache.day", "100ms");
    all.put("logfold.cache.week", "100ms");
    all.putAll(settings);
    this.settings = all;
    command =
        start(
            CommandSideApplication.class,
            "command-side",
            all,
            server.url(name + "_command", database.port()));
    query =
        start(
            QuerySideApplication.class,
            "query-side",
            all,
            server.url(name + "_query", database.port()));
  }

  /** Starts everything; settings win over the defaults of the tests. */
  static Pipeline start(Map<String, Object> settings) throws Exception {
    Pipeline pipeline = new Pipeline(settings);
    pipeline.untilItTakesLogsIn();
    return pipeline;
  }

  private void untilItTakesLogsIn() {
    eventually(
        () ->
            assertThat(
                    http.send(
                            HttpRequest.newBuilder(writeUrl().resolve("/actuator/health")).build(),
                            HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200));
  }

  URI writeUrl() {
    return URI.create("http://127.0.0.1:" + port(command));
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(writeUrl().resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> postToQuerySide(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(query) + path))
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(query) + path))
            .timeout(Duration.ofSeconds(30))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The JSON of an answer that must be 200. */
  JsonNode json(String path) {
    try {
      HttpResponse<String> answer = get(path);
      if (answer.statusCode() != 200) {
        throw new AssertionError(path + " answered " + answer.statusCode() + ": " + answer.body());
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(path, e);
    }
  }

  /** One more query side on the same log, with an empty database; to be closed by the caller. */
  ConfigurableApplicationContext querySideFromNothing(String database, Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(settings);
    all.putAll(more);
    return start(
        QuerySideApplication.class,
        "query-side",
        all,
        server.url(name + "_" + database, this.database.port()));
  }

  /** Requests counted over the week. */
  long requests() {
    return json("/stats?type=traffic&range=week").at("/data/total_request").asLong();
  }

  void eventually(ThrowingRunnable holds) {
    await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(200)).untilAsserted(holds);
  }

  <T> T querySide(Class<T> bean) {
    return query.getBean(bean);
  }

  <T> T commandSide(Class<T> bean) {
    return command.getBean(bean);
  }

  String kafkaServers() {
    return kafka.bootstrapServers();
  }

  void stopKafka() {
    kafka.close();
  }

  void startKafka() throws IOException {
    kafka = Servers.kafka(kafkaFolder, kafkaPort);
  }

  @Override
  public void close() throws IOException {
    query.close();
    command.close();
    kafka.close();
    database.close();
    redis.close();
  }

  private static ConfigurableApplicationContext start(
      Class<?> side, String name, Map<String, Object> settings, String databaseUrl) {
    Map<String, Object> own = new HashMap<>(settings);
    own.put("spring.datasource.url", databaseUrl);
    return new SpringApplicationBuilder(side)
        .bannerMode(Banner.Mode.OFF)
        .logStartupInfo(false)
        .properties("spring.config.name=" + name)
        .run(
            own.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
  }

  private static int port(ConfigurableApplicationContext side) {
    return ((WebServerApplicationContext) side).getWebServer().getPort();
  }
}
