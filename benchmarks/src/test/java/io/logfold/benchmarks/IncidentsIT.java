package io.logfold.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.logfold.generator.Generator;
import io.logfold.generator.GeneratorSettings;
import io.logfold.generator.GeneratorSettings.Outage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * An outage from the first log to the last message, with everything real and much killed. It waits
 * for real minutes, so the other tests go on beside it.
 */
@Execution(ExecutionMode.CONCURRENT)
class IncidentsIT {

  private static final Duration LIMIT = Duration.ofMinutes(6);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final String SECRET = "the receiver knows it too";
  private static final int LOGS_PER_SECOND = 400;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final long seed = Long.getLong("incidents.seed", System.nanoTime());

  @Test
  void tellsAnOutageOnceWhateverIsKilledAndNothingAtAReplay() throws Exception {
    System.out.println("Kills of -Dincidents.seed=" + seed);
    Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "outage");
    try (Receiver receiver = new Receiver();
        Rig rig = Rig.start(settings(folder))) {
      define(rig, receiver.url());
      try (Generator traffic = outage(rig);
          Killer killer = new Killer(rig, new Random(seed))) {
        Waiting.until(LIMIT, () -> receiver.hasTaken("resolved"), receiver::describe);
        System.out.printf(
            "Told after %,d logs and %d kills: %s%n",
            traffic.report().accepted(), killer.kills, receiver.describe());
        assertThat(killer.kills).isPositive();
      }
      rig.awaitReady(LIMIT);

      assertThat(receiver.messages("opened")).as(receiver.describe()).hasSize(1);
      assertThat(receiver.messages("resolved")).as(receiver.describe()).hasSize(1);
      assertThat(receiver.deliveries()).as(receiver.describe()).isEqualTo(2);
      assertThat(receiver.forged).isZero();
      JsonNode opened = receiver.messages("opened").get(0);
      assertThat(receiver.messages("resolved").get(0).get("incident"))
          .isEqualTo(opened.get("incident"));
      assertCountsWhatWasThereInTime(rig, opened);
      Waiting.until(LIMIT, () -> isResolved(rig), () -> "The read side does not know its end.");
      assertThat(incidents(rig).get("total").asInt()).isEqualTo(1);

      JsonNode before = incidents(rig).get("incidents");
      rebuildEverything(rig);
      assertThat(incidents(rig).get("incidents")).isEqualTo(before);
      replayEverything(rig);
      assertThat(incidents(rig).get("incidents")).isEqualTo(before);
      awaitAJudgedMinute(rig);
      // A try that was cut off may come again; what must not come is another message.
      assertThat(receiver.deliveries()).as(receiver.describe()).isEqualTo(2);
    }
  }

  private static RigSettings settings(Path folder) {
    return RigSettings.in(folder)
        .commandSettings(
            Map.of(
                "logfold.telling.secret", SECRET,
                "logfold.telling.allow-private", "true",
                "logfold.incidents.settle", "3s"))
        .querySettings(Map.of("logfold.judging.grace", GRACE.toSeconds() + "s"))
        .build();
  }

  private static void define(Rig rig, URI receiver) throws Exception {
    String rule =
        """
        {"id": "shop-fails", "name": "The shop fails", "scope": {}, "measure": "SERVER_ERROR_SHARE",
         "windowMinutes": 1, "opensAt": 0.04, "closesAt": 0.02, "minimumRequests": 1000,
         "opensAfterMinutes": 1, "closesAfterMinutes": 1,
         "tell": [{"kind": "WEBHOOK", "url": "%s"}]}
        """
            .formatted(receiver);
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(rig.commandSides().get(0).url().resolve("/alert-rules"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(rule))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    URI rules = rig.querySides().get(0).url().resolve("/alert-rules/shop-fails");
    Waiting.until(LIMIT, () -> rig.http().isOk(rules), () -> "The rule is not known.");
  }

  /** The shop is in trouble from the beginning of the next minute but one until its end. */
  private static Generator outage(Rig rig) {
    long secondsToMinute = 60 - Math.floorMod(Instant.now().getEpochSecond(), 60L);
    Duration after =
        Duration.ofSeconds(secondsToMinute < 20 ? secondsToMinute + 60 : secondsToMinute);
    return Generator.start(
        GeneratorSettings.to(rig.writeUrl())
            .rate(LOGS_PER_SECOND)
            .batch(50)
            .serverErrors(0.005)
            .outage(new Outage(after, Duration.ofSeconds(60)))
            .build());
  }

  /**
   * A sender whose receiver was killed at a minute's end tries again until after its grace. What
   * came by then must be counted, what came later may be, and the statistics hold it all.
   */
  private static void assertCountsWhatWasThereInTime(Rig rig, JsonNode message) throws Exception {
    Instant minute = minuteOf(message);
    Instant closes = minute.plus(MINUTE).plus(GRACE);
    Map<String, Logged> logs = onTheLog(rig, minute);
    Traffic inTime = traffic(logs, log -> log.appended.isBefore(closes));
    Traffic all = traffic(logs, log -> true);
    long requests = message.get("requests").asLong();
    System.out.printf("%,d requests told of, %s in time, %s in all%n", requests, inTime, all);
    assertThat(requests).isBetween(inTime.requests, all.requests);
    assertThat(message.get("value").asDouble() * requests)
        .isBetween(inTime.failed - 1e-6, all.failed + 1e-6);
    Waiting.until(
        LIMIT, () -> inTheStatistics(rig, minute).equals(all), () -> "The statistics differ.");
  }

  /** The requests of a minute, those with a 5xx among them. */
  private record Traffic(long requests, long failed) {}

  /** A log as it was appended first. */
  private record Logged(int status, Instant appended) {}

  /** A minute's logs as they stand on the topic, each once, by identity. */
  private static Map<String, Logged> onTheLog(Rig rig, Instant minute) throws Exception {
    Map<String, Logged> logs = new HashMap<>();
    int partitions = rig.settings().partitions();
    try (EventLog log = new EventLog(rig.bootstrapServers(), partitions)) {
      Speed unused =
          new PlainConsumer(rig.bootstrapServers(), partitions)
              .read(
                  log.records(),
                  record -> {
                    JsonNode received = json(record.value());
                    if (isOf(minute, received)) {
                      logs.merge(
                          received.get("request").asText() + ':' + received.get("line").asInt(),
                          new Logged(
                              received.at("/log/status").asInt(),
                              Instant.ofEpochMilli(record.timestamp())),
                          (one, other) -> one.appended.isAfter(other.appended) ? other : one);
                    }
                  });
    }
    return logs;
  }

  private static Traffic traffic(Map<String, Logged> logs, Predicate<Logged> counted) {
    List<Logged> these = logs.values().stream().filter(counted).toList();
    return new Traffic(these.size(), these.stream().filter(log -> log.status >= 500).count());
  }

  private static boolean isOf(Instant minute, JsonNode received) {
    return received.has("log")
        && Instant.parse(received.at("/log/time").asText())
            .truncatedTo(ChronoUnit.MINUTES)
            .equals(minute);
  }

  private static JsonNode json(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the statistics, which the rules know nothing of, say about the minute. */
  private static Traffic inTheStatistics(Rig rig, Instant minute) throws SQLException {
    long requests = 0;
    long failed = 0;
    try (Connection connection = rig.connectToQueryDatabase();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT requests, statuses FROM stats_minute WHERE bucket = '%s'"
                    .formatted(minute.atOffset(ZoneOffset.UTC).toLocalDateTime()))) {
      while (rows.next()) {
        requests += rows.getLong(1);
        for (String entry : rows.getString(2).split(",", -1)) {
          String[] statusAndCount = entry.split(":", -1);
          failed += statusAndCount[0].startsWith("5") ? Long.parseLong(statusAndCount[1]) : 0;
        }
      }
    }
    return new Traffic(requests, failed);
  }

  private static Instant minuteOf(JsonNode message) {
    return Instant.parse(message.get("since").asText());
  }

  private static JsonNode incidents(Rig rig) throws Exception {
    return rig.http().json(rig.querySides().get(0).url().resolve("/incidents"));
  }

  /** It reads what the write side published on, so it knows a moment later than the receiver. */
  private static boolean isResolved(Rig rig) throws Exception {
    return incidents(rig).at("/incidents/0/state").asText().equals("RESOLVED");
  }

  /** Beside what answers, as anybody may ask for over HTTP. */
  private static void rebuildEverything(Rig rig) throws Exception {
    Rebuilds rebuilds = new Rebuilds(rig.http(), rig.querySides().get(0));
    for (String projection : GenerationTables.projections()) {
      String id = rebuilds.begin(projection, "when-ready", null);
      Waiting.until(
          LIMIT,
          () -> rebuilds.get(id).get("state").asText().equals("switched"),
          () -> id + " is not switched to.");
    }
  }

  /** As on an empty database: every read model is folded again from the beginning of its log. */
  private static void replayEverything(Rig rig) throws Exception {
    Child querySide = rig.querySides().get(0).process();
    querySide.kill();
    try (Connection connection = rig.connectToQueryDatabase();
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet names = statement.executeQuery("SHOW TABLES")) {
        while (names.next()) {
          tables.add(names.getString(1));
        }
      }
      for (String table : tables) {
        statement.execute("DROP TABLE " + table);
      }
    }
    querySide.start();
    querySide.awaitReady(LIMIT);
    try (EventLog log = new EventLog(rig.bootstrapServers(), rig.settings().partitions());
        FoldPositions positions = new FoldPositions(rig.connectToQueryDatabase())) {
      Waiting.until(
          LIMIT, () -> positions.folded() >= log.records(), () -> "Not everything is folded.");
    }
    Waiting.until(LIMIT, () -> isResolved(rig), () -> "The incident is not back.");
  }

  /** With the minutes of the outage on its tables, the judge has looked at a whole one. */
  private static void awaitAJudgedMinute(Rig rig) throws Exception {
    Waiting.until(LIMIT, () -> judgedUntil(rig) != null, () -> "Judging does not begin.");
    Instant began = Objects.requireNonNull(judgedUntil(rig));
    Waiting.until(
        LIMIT,
        () -> began.isBefore(Objects.requireNonNull(judgedUntil(rig))),
        () -> "No minute was judged.");
  }

  private static @Nullable Instant judgedUntil(Rig rig) throws SQLException {
    try (Connection connection = rig.connectToQueryDatabase();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT judged_until FROM judging")) {
      row.next();
      LocalDateTime until = row.getObject(1, LocalDateTime.class);
      return until == null ? null : until.toInstant(ZoneOffset.UTC);
    }
  }

  /** Kills a side every few seconds and starts it again. */
  private static final class Killer implements AutoCloseable {

    private final Rig rig;
    private final Random random;
    private final Thread thread = new Thread(this::killOnAndOn, "killer");
    private volatile int kills;

    Killer(Rig rig, Random random) {
      this.rig = rig;
      this.random = random;
      thread.start();
    }

    private void killOnAndOn() {
      try {
        while (true) {
          Thread.sleep(10_000 + random.nextInt(15_000));
          Child victim = rig.sides().get(random.nextInt(2)).process();
          System.out.println("kill -9 of " + victim.name());
          victim.kill();
          kills++;
          victim.start();
          victim.awaitReady(LIMIT);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Somebody's service that takes messages, and refuses the first tries of each. */
  private static final class Receiver implements AutoCloseable {

    private static final int REFUSALS = 3;

    private final HttpServer server;
    private final List<JsonNode> taken = new CopyOnWriteArrayList<>();
    private final List<String> tries = new CopyOnWriteArrayList<>();
    private volatile int forged;

    Receiver() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/hook", this::take);
      server.setExecutor(Executors.newSingleThreadExecutor());
      server.start();
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    private void take(HttpExchange exchange) throws IOException {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String delivery = exchange.getRequestHeaders().getFirst("Logfold-Delivery");
      if (!isSigned(exchange.getRequestHeaders().getFirst("Logfold-Signature"), body)) {
        forged++;
      }
      tries.add(delivery);
      boolean refused = tries.stream().filter(delivery::equals).count() <= REFUSALS;
      if (!refused) {
        taken.add(JSON.readTree(body));
      }
      exchange.sendResponseHeaders(refused ? 500 : 204, -1);
      exchange.close();
    }

    private static boolean isSigned(String signature, String body) {
      Map<String, String> parts =
          List.of(signature.split(",", -1)).stream()
              .map(part -> part.split("=", 2))
              .collect(Collectors.toMap(part -> part[0], part -> part[1]));
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected =
            mac.doFinal((parts.get("t") + "." + body).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(expected).equals(parts.get("v1"));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    boolean hasTaken(String what) {
      return !messages(what).isEmpty();
    }

    /** Each delivery once, however often it came. */
    List<JsonNode> messages(String what) {
      return taken.stream()
          .filter(message -> message.get("what").asText().equals(what))
          .collect(Collectors.toMap(m -> m.get("delivery").asText(), m -> m, (a, b) -> a))
          .values()
          .stream()
          .toList();
    }

    long deliveries() {
      return tries.stream().distinct().count();
    }

    String describe() {
      return tries.size() + " tries of " + deliveries() + " deliveries; taken: " + taken;
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
