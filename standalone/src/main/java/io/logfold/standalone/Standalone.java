package io.logfold.standalone;

import io.logfold.command.CommandSideApplication;
import io.logfold.query.QuerySideApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The two sides as siblings in one process, on embedded servers. They share nothing here that they
 * would not share as two processes: Kafka.
 */
public final class Standalone implements AutoCloseable {

  private final List<AutoCloseable> parts;
  private final EmbeddedKafka kafka;
  private final int writePort;
  private final int readPort;

  private Standalone(List<AutoCloseable> parts, EmbeddedKafka kafka, int writePort, int readPort) {
    this.parts = parts;
    this.kafka = kafka;
    this.writePort = writePort;
    this.readPort = readPort;
  }

  /**
   * Starts everything but a generator.
   *
   * @param data the folder that holds everything; made when missing
   * @param writePort where logs are taken in; 0 picks a free port
   * @param readPort where questions are answered; 0 picks a free port
   */
  public static Standalone start(Path data, int writePort, int readPort) throws IOException {
    List<AutoCloseable> parts = new ArrayList<>();
    try {
      DataFolder folder = DataFolder.open(data);
      parts.add(folder);
      EmbeddedKafka kafka = EmbeddedKafka.start(folder.path(), 0);
      parts.add(kafka);
      ConfigurableApplicationContext command =
          start(CommandSideApplication.class, "command-side", kafka, folder, "command", writePort);
      parts.add(command);
      ConfigurableApplicationContext query =
          start(QuerySideApplication.class, "query-side", kafka, folder, "query", readPort);
      parts.add(query);
      return new Standalone(parts, kafka, port(command), port(query));
    } catch (IOException | RuntimeException e) {
      closeAll(parts);
      throw e;
    }
  }

  /** The port where logs are taken in. */
  public int writePort() {
    return writePort;
  }

  /** The port where questions are answered. */
  public int readPort() {
    return readPort;
  }

  /** Host and port of the embedded Kafka. */
  public String kafka() {
    return kafka.bootstrapServers();
  }

  /** Stops everything, the readers and writers first. */
  @Override
  public void close() {
    closeAll(parts);
  }

  private static ConfigurableApplicationContext start(
      Class<?> side,
      String configuration,
      EmbeddedKafka kafka,
      DataFolder folder,
      String database,
      int port) {
    return new SpringApplicationBuilder(side)
        .bannerMode(Banner.Mode.OFF)
        .logStartupInfo(false)
        .registerShutdownHook(false)
        .properties("spring.config.name=" + configuration)
        .run(
            arguments(
                Map.of(
                    "server.address",
                    "127.0.0.1",
                    "server.port",
                    port,
                    "spring.datasource.url",
                    folder.jdbcUrl(database),
                    "spring.datasource.username",
                    "logfold",
                    "spring.datasource.password",
                    "",
                    "logfold.kafka.bootstrap-servers",
                    kafka.bootstrapServers(),
                    "logfold.alert-rules.defaults",
                    true,
                    "logfold.cache.store",
                    "caffeine",
                    // One class path: each side sees the other's libraries and must not use them.
                    "spring.data.redis.repositories.enabled",
                    false,
                    "management.health.redis.enabled",
                    false)));
  }

  private static String[] arguments(Map<String, ?> settings) {
    return settings.entrySet().stream()
        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
        .toArray(String[]::new);
  }

  private static int port(ConfigurableApplicationContext side) {
    return Objects.requireNonNull(((WebServerApplicationContext) side).getWebServer()).getPort();
  }

  private static void closeAll(List<AutoCloseable> parts) {
    for (int last = parts.size() - 1; last >= 0; last--) {
      try {
        parts.remove(last).close();
      } catch (Exception e) {
        System.err.println("While stopping: " + e.getMessage());
      }
    }
  }
}
