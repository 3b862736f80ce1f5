package io.logfold.benchmarks;

import io.logfold.command.CommandSideApplication;
import io.logfold.query.QuerySideApplication;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * The whole pipeline, each part a process of its own: Kafka, a database server, command sides and
 * query sides. All end with this process at the latest.
 */
final class Rig implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final List<String> KAFKA_FLAGS = List.of("-Xmx384m", "-XX:+UseSerialGC");

  private final RigSettings settings;
  private final Path folder;
  private final String commandDatabase;
  private final String queryDatabase;
  private final Http http = new Http();
  private final List<Relay> relays = new ArrayList<>();
  private final List<Relay> databaseRelays = new ArrayList<>();
  private final List<Child> children = new ArrayList<>();
  private final List<Side> commandSides = new ArrayList<>();
  private final List<Side> querySides = new ArrayList<>();
  private final Thread ending = new Thread(this::endAll, "rig-end");
  private final DatabaseServer database;
  private final @Nullable Child databaseProcess;
  private final Child kafka;
  private final int kafkaPort;
  private final @Nullable Relay kafkaRelay;
  private final @Nullable Relay front;

  /**
   * A command side or a query side.
   *
   * @param url where it listens itself, past any relay
   */
  record Side(Child process, URI url) {}

  private Rig(RigSettings settings) throws IOException, InterruptedException {
    this.settings = settings;
    this.folder = Files.createDirectories(settings.folder().toAbsolutePath().normalize());
    Runtime.getRuntime().addShutdownHook(ending);
    String mysqlUrl = settings.mysqlUrl();
    if (mysqlUrl == null) {
      int port = Ports.free();
      database = DatabaseServer.ownMariaDb(port);
      databaseProcess = mariaDb(port);
    } else {
      database = DatabaseServer.named(mysqlUrl);
      databaseProcess = null;
    }
    // A server that is not ours may hold other runs' databases.
    String run = databaseProcess == null ? "_rig_" + ProcessHandle.current().pid() : "";
    commandDatabase = "logfold_command" + run;
    queryDatabase = "logfold_query" + run;
    int brokerPort = Ports.free();
    kafkaRelay = relay(brokerPort);
    kafkaPort = kafkaRelay == null ? brokerPort : kafkaRelay.port();
    kafka = kafka(brokerPort);
    for (int i = 1; i <= settings.commandSides(); i++) {
      commandSides.add(commandSide(i));
    }
    for (int i = 1; i <= settings.querySides(); i++) {
      querySides.add(querySide("query-side-" + i, QuerySideApplication.class));
    }
    front = relay(commandSides.stream().mapToInt(side -> side.url().getPort()).toArray());
  }

  /**
   * Starts everything and waits until it works. What an earlier rig left in the folder must be
   * gone.
   */
  static Rig start(RigSettings settings) throws IOException, InterruptedException {
    Rig rig = new Rig(settings);
    try {
      rig.startAll();
      return rig;
    } catch (RuntimeException | InterruptedException e) {
      rig.close();
      throw e;
    }
  }

  RigSettings settings() {
    return settings;
  }

  /** Where senders send: the relay in front of the command sides, else the first of them. */
  URI writeUrl() {
    return front == null ? commandSides.get(0).url() : url(front.port());
  }

  List<Side> commandSides() {
    return List.copyOf(commandSides);
  }

  List<Side> querySides() {
    return List.copyOf(querySides);
  }

  /** Both kinds. */
  List<Side> sides() {
    List<Side> sides = new ArrayList<>(commandSides);
    sides.addAll(querySides);
    return sides;
  }

  Child kafka() {
    return kafka;
  }

  /** The database server, or null when it is somebody else's. */
  @Nullable Child database() {
    return databaseProcess;
  }

  /** Every process of ours. */
  List<Child> children() {
    return List.copyOf(children);
  }

  /** Between senders and command sides; null when not relayed. */
  @Nullable Relay front() {
    return front;
  }

  /** Between the sides and Kafka; null when not relayed. */
  @Nullable Relay kafkaRelay() {
    return kafkaRelay;
  }

  /** Between each query side and its database, in their order; empty when not relayed. */
  List<Relay> databaseRelays() {
    return List.copyOf(databaseRelays);
  }

  /** Host and port for clients. */
  String bootstrapServers() {
    return "127.0.0.1:" + kafkaPort;
  }

  /** The read models, straight at the server. */
  Connection connectToQueryDatabase() throws SQLException {
    return database.connect(queryDatabase);
  }

  Http http() {
    return http;
  }

  /** To be closed by the caller. Gives up on a question after 2 s. */
  Admin kafkaAdmin() {
    return Admin.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2_000));
  }

  /** Starts again what ended though nobody killed it, as a supervisor would. Returns whom. */
  List<Child> revive() {
    List<Child> ended = children.stream().filter(Child::hasEndedByItself).toList();
    ended.forEach(Child::start);
    return ended;
  }

  /** Waits until everything works. */
  void awaitReady(Duration limit) throws InterruptedException {
    for (Child child : children) {
      child.awaitReady(limit);
    }
  }

  @Override
  public void close() {
    endAll();
    dropDatabasesOnForeignServer();
    try {
      for (Relay relay : relays) {
        relay.close();
      }
      Runtime.getRuntime().removeShutdownHook(ending);
    } catch (IOException | IllegalStateException e) {
      // A relay that is gone, or the whole process: both are what we want.
    }
  }

  private void startAll() throws InterruptedException {
    kafka.start();
    if (databaseProcess != null) {
      databaseProcess.start();
      databaseProcess.awaitReady(START_LIMIT);
    }
    commandSides.forEach(side -> side.process().start());
    for (Side side : querySides) {
      side.process().start();
      // Two that make the fold's first tokens at once: one of them ends.
      side.process().awaitReady(START_LIMIT);
    }
    awaitReady(START_LIMIT);
  }

  private void endAll() {
    for (int last = children.size() - 1; last >= 0; last--) {
      try {
        children.get(last).end();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void dropDatabasesOnForeignServer() {
    if (databaseProcess == null) {
      try (Connection connection = database.connect(queryDatabase);
          Statement statement = connection.createStatement()) {
        statement.execute("DROP DATABASE IF EXISTS " + commandDatabase);
        statement.execute("DROP DATABASE IF EXISTS " + queryDatabase);
      } catch (SQLException e) {
        System.err.println("The databases are left behind: " + e.getMessage());
      }
    }
  }

  private Child mariaDb(int port) throws IOException, InterruptedException {
    Path data = folder.resolve("mariadb-data");
    MariaDb binaries = MariaDb.unpacked(folder.resolveSibling("mariadb"));
    binaries.install(data, folder.resolve("mariadb-install.log"));
    return child("database", binaries.command(data, port), this::canConnect);
  }

  private boolean canConnect() throws SQLException {
    try (Connection connection = database.connect("")) {
      return connection.isValid(1);
    }
  }

  private Child kafka(int port) {
    List<String> arguments =
        List.of(folder.toString(), Integer.toString(port), Integer.toString(kafkaPort));
    return child(
        "kafka", Jvm.command(KafkaProcess.class, KAFKA_FLAGS, arguments), this::kafkaAnswers);
  }

  private boolean kafkaAnswers() throws Exception {
    try (Admin admin = kafkaAdmin()) {
      return !admin.describeCluster().nodes().get(3, TimeUnit.SECONDS).isEmpty();
    }
  }

  private Side commandSide(int number) throws IOException {
    Map<String, String> own = new HashMap<>();
    own.put("logfold.log.partitions", Integer.toString(settings.partitions()));
    own.put("spring.datasource.url", databaseUrl(commandDatabase, relay(database.port())));
    own.putAll(settings.commandSettings());
    return side("command-side-" + number, CommandSideApplication.class, own);
  }

  /**
   * One more query side on the same database, not started.
   *
   * @param main takes the query side's arguments
   */
  Side querySide(String name, Class<?> main) throws IOException {
    Relay relay = relay(database.port());
    if (relay != null) {
      databaseRelays.add(relay);
    }
    String redis = settings.redisUrl();
    Map<String, String> own = new HashMap<>();
    own.put("logfold.fold.segments", Integer.toString(settings.segments()));
    own.put("spring.datasource.url", databaseUrl(queryDatabase, relay));
    own.put("logfold.cache.store", redis == null ? "caffeine" : "redis");
    if (redis != null) {
      own.put("spring.data.redis.url", redis);
    }
    own.putAll(settings.querySettings());
    return side(name, main, own);
  }

  private Side side(String name, Class<?> main, Map<String, String> own) {
    URI url = url(Ports.free());
    Map<String, String> all = new HashMap<>(database.settings());
    all.put("server.address", "127.0.0.1");
    all.put("server.port", Integer.toString(url.getPort()));
    all.put("spring.main.banner-mode", "off");
    all.put("logging.config", "classpath:rig-logback.xml");
    all.put("spring.datasource.username", database.user());
    all.put("spring.datasource.password", database.password());
    all.put("logfold.kafka.bootstrap-servers", bootstrapServers());
    // One class path: each side sees the other's libraries and must not use them.
    all.put("spring.data.redis.repositories.enabled", "false");
    all.put("management.health.redis.enabled", "false");
    all.putAll(own);
    List<String> arguments =
        all.entrySet().stream()
            .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
            .sorted()
            .toList();
    URI health = url.resolve("/actuator/health");
    return new Side(
        child(name, Jvm.command(main, settings.jvmFlags(), arguments), () -> http.isOk(health)),
        url);
  }

  private Child child(String name, List<String> command, Waiting.Condition ready) {
    Child child = new Child(name, command, folder.resolve(name + ".log"), ready);
    children.add(child);
    return child;
  }

  private String databaseUrl(String name, @Nullable Relay relay) {
    return relay == null ? database.url(name) : database.url(name, relay.port());
  }

  private @Nullable Relay relay(int... targets) throws IOException {
    if (!settings.relayed()) {
      return null;
    }
    Relay relay = new Relay(Ports.free(), targets);
    relays.add(relay);
    return relay;
  }

  private static URI url(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }
}
