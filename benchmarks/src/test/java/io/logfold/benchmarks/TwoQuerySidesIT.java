package io.logfold.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.generator.Generator;
import io.logfold.generator.GeneratorReport;
import io.logfold.generator.GeneratorSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Two query sides in processes of their own, on one database. */
class TwoQuerySidesIT {

  private static final long LOGS = 1_000_000;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Test
  void catchUpAMillionEventsTogetherAndOneTakesOverFromTheOther() throws Exception {
    Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "two");
    try (Rig rig =
        Rig.start(RigSettings.in(folder).querySides(2).partitions(8).segments(4).build())) {
      Child first = rig.querySides().get(0).process();
      Child second = rig.querySides().get(1).process();
      first.kill();
      second.kill();
      GeneratorReport sent = send(rig);
      assertThat(sent.accepted()).isEqualTo(LOGS);

      beginAnew(rig);
      first.start();
      second.start();
      Waiting.until(LIMIT, () -> folded(rig) >= LOGS, () -> "Not all was folded: " + state(rig));
      Waiting.until(LIMIT, () -> shares(rig).equals("2+2"), () -> "They do not share evenly.");
      assertThat(folded(rig)).isEqualTo(LOGS);
      assertThat(errorsByStatus(rig)).isEqualTo(errorsOf(sent));
      first.awaitReady(LIMIT);
      second.awaitReady(LIMIT);
      for (Rig.Side side : rig.querySides()) {
        assertAddsUp(rig.http().json(side.url().resolve("/ledger")));
      }

      second.kill();
      long killedNanos = System.nanoTime();
      Waiting.until(LIMIT, () -> owners(rig).containsValue(4), () -> "Nobody took over.");
      System.out.printf(
          "The other query side took over after %.1f s%n", (System.nanoTime() - killedNanos) / 1e9);
    }
  }

  /** As on an empty database: both make the segments at the same time. */
  private static void beginAnew(Rig rig) throws SQLException {
    try (Connection connection = rig.connectToQueryDatabase();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM token_entry");
    }
  }

  private static GeneratorReport send(Rig rig) throws InterruptedException {
    try (Generator generator =
        Generator.start(
            GeneratorSettings.to(rig.writeUrl())
                .total(LOGS)
                .rate(0)
                .batch(1_000)
                .streams(16)
                .build())) {
      generator.await();
      return generator.report();
    }
  }

  private static void assertAddsUp(JsonNode ledger) {
    assertThat(ledger.get("lines").asLong()).isEqualTo(LOGS);
    assertThat(ledger.get("unique").asLong()).isEqualTo(LOGS);
    assertThat(ledger.at("/projections/stats/folded").asLong()).isEqualTo(LOGS);
    assertThat(ledger.at("/projections/error-log/inFlight").asLong()).isZero();
  }

  private static long folded(Rig rig) throws SQLException {
    return query(
        rig, "SELECT COALESCE(SUM(requests), 0) FROM stats_hour", rows -> rows.getLong(1), 0L);
  }

  /** The numbers of segments that processes hold, the smallest first. */
  private static String shares(Rig rig) throws SQLException {
    return String.join("+", owners(rig).values().stream().sorted().map(String::valueOf).toList());
  }

  private static Map<String, Integer> owners(Rig rig) throws SQLException {
    Map<String, Integer> segments = new TreeMap<>();
    query(
        rig,
        "SELECT owner, COUNT(*) FROM token_entry WHERE processor_name = 'log-fold' AND owner IS NOT NULL GROUP BY owner",
        row -> segments.put(row.getString(1), row.getInt(2)),
        0);
    return segments;
  }

  private static String state(Rig rig) {
    try {
      return "%,d logs; segments by owner %s; the processes' own words are in %s"
          .formatted(folded(rig), owners(rig), rig.settings().folder());
    } catch (SQLException e) {
      return "the database does not say what: " + e.getMessage();
    }
  }

  private static Map<Integer, Long> errorsByStatus(Rig rig) throws SQLException {
    Map<Integer, Long> rows = new TreeMap<>();
    query(
        rig,
        "SELECT status, COUNT(*) FROM error_log GROUP BY status",
        row -> rows.put(row.getInt(1), row.getLong(2)),
        0L);
    return rows;
  }

  private static Map<Integer, Long> errorsOf(GeneratorReport sent) {
    Map<Integer, Long> errors = new TreeMap<>(sent.byStatus());
    errors.keySet().removeIf(status -> status < 400);
    return errors;
  }

  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** What the last row says. */
  private static <T> T query(Rig rig, String sql, Row<T> reader, T none) throws SQLException {
    T last = none;
    try (Connection connection = rig.connectToQueryDatabase();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        T read = reader.read(rows);
        last = read == null ? last : read;
      }
    }
    return last;
  }
}
