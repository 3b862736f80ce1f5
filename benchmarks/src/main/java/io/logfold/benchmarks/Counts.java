package io.logfold.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.benchmarks.Rig.Side;
import io.logfold.query.routes.RouteSums;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every figure that the pipeline gives, beside what it must be by the senders' books. */
final class Counts {

  private static final Map<String, String> PROJECTION =
      Map.of(
          "stats_minute", "stats",
          "stats_hour", "stats",
          "route_minute", "routes",
          "error_log", "error-log");

  private final Rig rig;
  private final Tally sent;
  private final List<Count> counts = new ArrayList<>();

  /**
   * A figure.
   *
   * @param what it counts
   * @param expected by the senders' books
   * @param found as the pipeline says
   */
  record Count(String what, long expected, long found) {
    boolean isRight() {
      return expected == found;
    }

    @Override
    public String toString() {
      return "%s: expected %,d, found %,d".formatted(what, expected, found);
    }
  }

  private Counts(Rig rig, Tally sent) {
    this.rig = rig;
    this.sent = sent;
  }

  /** Asks every query side and looks into the tables. */
  static List<Count> compare(Rig rig, Tally sent)
      throws IOException, InterruptedException, SQLException {
    Counts counts = new Counts(rig, sent);
    counts.add("logs without a final answer to their sender", 0, sent.unsettled());
    for (Side side : rig.querySides()) {
      counts.compareAnswers(side);
    }
    try (Connection connection = rig.connectToQueryDatabase()) {
      counts.compareTables(connection);
    }
    return counts.counts;
  }

  private void compareAnswers(Side side) throws IOException, InterruptedException {
    String by = " by " + side.process().name();
    add("requests" + by, sent.accepted(), ask(side, "traffic").at("/total_request").asLong());
    addStatuses("errors" + by, statuses(ask(side, "errors")));
    JsonNode latency = ask(side, "latency");
    add("mean latency in 0.1 us" + by, meanTenthMicros(), tenthMicros(latency));
    add("longest latency in ms" + by, maxMillis(), latency.at("/max_latency").asLong());
    compareLedger(side, by);
  }

  /** Repeats may be on the log or not; everything else is known. */
  private void compareLedger(Side side, String by) throws IOException, InterruptedException {
    JsonNode ledger = rig.http().json(side.url().resolve("/ledger"));
    long unique = ledger.at("/unique").asLong();
    add("unique lines in the ledger" + by, sent.accepted(), unique);
    add(
        "lines in the ledger" + by,
        unique + ledger.at("/duplicate").asLong(),
        ledger.at("/lines").asLong());
    for (Map.Entry<String, JsonNode> projection : ledger.at("/projections").properties()) {
      JsonNode lines = projection.getValue();
      add(
          "folded and passed over in the ledger's " + projection.getKey() + by,
          unique,
          lines.at("/folded").asLong() + lines.at("/passedOver").asLong());
    }
    add(
        "folded in the ledger's error-log" + by,
        sent.errors().values().stream().mapToLong(Long::longValue).sum(),
        ledger.at("/projections/error-log/folded").asLong());
  }

  private void compareTables(Connection connection) throws SQLException {
    RouteSums routes = RouteSums.of(connection);
    add("requests in routes", sent.accepted(), routes.requests());
    add("latency in us in routes", sent.latencySumMicros(), routes.latencySumMicros());
    for (String table : List.of("stats_minute", "stats_hour")) {
      add(
          "requests in " + table,
          sent.accepted(),
          number(connection, "SELECT SUM(requests) FROM " + table + live(table)));
      add(
          "latency in us in " + table,
          sent.latencySumMicros(),
          number(connection, "SELECT SUM(latency_sum) FROM " + table + live(table)));
    }
    addStatuses("rows in error_log", errorRows(connection));
  }

  /** Rows that answer. */
  private static String live(String table) {
    return " WHERE generation = (SELECT number FROM projection_generation WHERE name = '%s' AND state = 'LIVE')"
        .formatted(PROJECTION.get(table));
  }

  private JsonNode ask(Side side, String type) throws IOException, InterruptedException {
    return rig.http().json(side.url().resolve("/stats?range=week&type=" + type)).at("/data");
  }

  private void add(String what, long expected, long found) {
    counts.add(new Count(what, expected, found));
  }

  private void addStatuses(String what, Map<Integer, Long> found) {
    SortedMap<Integer, Long> all = new TreeMap<>(found);
    sent.errors().keySet().forEach(status -> all.putIfAbsent(status, 0L));
    all.forEach(
        (status, number) ->
            add(what + ", status " + status, sent.errors().getOrDefault(status, 0L), number));
  }

  private static Map<Integer, Long> statuses(JsonNode byStatus) {
    Map<Integer, Long> statuses = new TreeMap<>();
    byStatus
        .properties()
        .forEach(field -> statuses.put(Integer.valueOf(field.getKey()), field.getValue().asLong()));
    return statuses;
  }

  private static Map<Integer, Long> errorRows(Connection connection) throws SQLException {
    Map<Integer, Long> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT status, COUNT(*) FROM error_log"
                    + live("error_log")
                    + " GROUP BY status")) {
      while (result.next()) {
        rows.put(result.getInt(1), result.getLong(2));
      }
    }
    return rows;
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  private long meanTenthMicros() {
    double meanMicros = (double) sent.latencySumMicros() / Math.max(1, sent.accepted());
    return BigDecimal.valueOf(meanMicros / 1_000)
        .setScale(4, RoundingMode.HALF_UP)
        .unscaledValue()
        .longValueExact();
  }

  private static long tenthMicros(JsonNode latency) {
    return Math.round(latency.at("/avg_latency").asDouble() * 10_000);
  }

  private long maxMillis() {
    return Math.round(sent.latencyMaxMicros() / 1_000.0);
  }
}
