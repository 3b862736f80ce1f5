package io.logfold.benchmarks;

import io.logfold.benchmarks.Counts.Count;
import io.logfold.query.routes.RouteRows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The generations of each projection, as the query side's database has them. */
final class GenerationTables {

  private static final SortedMap<String, List<String>> TABLES =
      new TreeMap<>(
          Map.of(
              "error-log", List.of("error_log", "error_count"),
              "stats", List.of("stats_minute", "stats_hour"),
              "routes", List.of("route_minute", "route_known"),
              "alert-rules", List.of("alert_rule"),
              "incidents", List.of("incident", "incident_entry")));

  private static final Set<String> OF_THE_LOG = Set.of("error-log", "stats", "routes");

  /** What may differ: which generation it is, and what it was made from. */
  private static final Set<String> NOT_COMPARED = Set.of("generation", "carried");

  private static final String UNSETTLED =
      """
      SELECT (SELECT COUNT(*) FROM projection_generation
               WHERE state = 'BUILDING'
                  OR (state IN ('CANCELLED', 'FAILED') AND NOT dropped)
                  OR (state = 'READY' AND switching <> 'BY_HAND' AND reason IS NULL))
           + (SELECT COUNT(*) FROM feed_position)
           + (SELECT COUNT(*) FROM token_entry WHERE processor_name LIKE 'feed-%')
      """;

  private static final String NOT_WITH_THE_FOLD =
      """
      SELECT COUNT(*)
        FROM fold_position r
        LEFT JOIN fold_position f ON f.part = r.part AND f.fold = '%s' AND f.generation = %d
       WHERE r.fold = 'requests' AND (f.next_offset IS NULL OR f.next_offset <> r.next_offset)
      """;

  private final Connection connection;

  GenerationTables(Connection connection) {
    this.connection = connection;
  }

  private record Generation(String projection, int number, String state, boolean dropped) {

    String id() {
      return projection + "-" + number;
    }

    boolean isFed() {
      return !dropped && !state.equals("CANCELLED") && !state.equals("FAILED");
    }
  }

  /** The name of every projection. */
  static List<String> projections() {
    return List.copyOf(TABLES.keySet());
  }

  /** Whether nothing is under way, and nothing left of what is over. */
  boolean areSettled() throws SQLException {
    return number(UNSETTLED) == 0;
  }

  /** Whether a generation, such as {@code stats-2}, is where the fold is in every partition. */
  boolean isFedByTheFold(String id) throws SQLException {
    int dash = id.lastIndexOf('-');
    return number(
            "SELECT COUNT(*) FROM feed_position WHERE fold = '%s' AND generation = %s"
                .formatted(id.substring(0, dash), id.substring(dash + 1)))
        == 0;
  }

  /** Every figure that says whether they are as they must be when nothing is under way. */
  List<Count> compare() throws SQLException {
    List<Count> counts = new ArrayList<>();
    counts.add(new Count("rows in feed_position", 0, number("SELECT COUNT(*) FROM feed_position")));
    counts.add(
        new Count(
            "tokens of feeders",
            0,
            number("SELECT COUNT(*) FROM token_entry WHERE processor_name LIKE 'feed-%'")));
    for (String projection : TABLES.keySet()) {
      counts.addAll(compare(projection));
    }
    return counts;
  }

  private List<Count> compare(String projection) throws SQLException {
    List<Generation> all = generations(projection);
    List<Generation> live = all.stream().filter(each -> each.state().equals("LIVE")).toList();
    List<Count> counts = new ArrayList<>();
    counts.add(new Count("live generations of " + projection, 1, live.size()));
    counts.add(
        new Count(
            "failed generations of " + projection,
            0,
            all.stream().filter(each -> each.state().equals("FAILED")).count()));
    for (Generation each : all) {
      counts.addAll(each.isFed() ? compare(live.get(0), each) : leftOf(each));
    }
    return counts;
  }

  private List<Count> compare(Generation live, Generation other) throws SQLException {
    List<Count> counts = new ArrayList<>();
    if (OF_THE_LOG.contains(other.projection())) {
      counts.add(
          new Count(
              "partitions in which %s is not where the fold is".formatted(other.id()),
              0,
              number(NOT_WITH_THE_FOLD.formatted(other.projection(), other.number()))));
    }
    if (other.number() != live.number()) {
      for (String table : tablesOf(other)) {
        counts.add(
            new Count(
                "rows of %s that are not the same in %s and %s (%s)"
                    .formatted(table, live.id(), other.id(), other.state()),
                0,
                differences(rows(table, live), rows(table, other))));
      }
    }
    return counts;
  }

  private List<Count> leftOf(Generation gone) throws SQLException {
    List<Count> counts = new ArrayList<>();
    List<String> tables = tablesOf(gone);
    if (gone.projection().equals("routes")) {
      tables.add("route_journal");
    }
    for (String table : tables) {
      counts.add(
          new Count(
              "rows of %s left of %s (%s)".formatted(table, gone.id(), gone.state()),
              0,
              number("SELECT COUNT(*)" + from(table, gone))));
    }
    return counts;
  }

  private static List<String> tablesOf(Generation generation) {
    List<String> tables = new ArrayList<>(TABLES.getOrDefault(generation.projection(), List.of()));
    tables.add("ledger");
    return tables;
  }

  private static String from(String table, Generation generation) {
    return " FROM %s WHERE generation = %d%s"
        .formatted(
            table,
            generation.number(),
            table.equals("ledger") ? " AND fold = '%s'".formatted(generation.projection()) : "");
  }

  private static long differences(Set<String> some, Set<String> others) {
    long same = some.stream().filter(others::contains).count();
    return some.size() + others.size() - 2 * same;
  }

  /** As text, every byte of them. */
  private Set<String> rows(String table, Generation generation) throws SQLException {
    if (table.equals("route_minute")) {
      return RouteRows.of(connection, generation.number());
    }
    Set<String> rows = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT *" + from(table, generation))) {
      while (row.next()) {
        rows.add(text(row));
      }
    }
    return rows;
  }

  private static String text(ResultSet row) throws SQLException {
    StringBuilder text = new StringBuilder();
    for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
      if (!NOT_COMPARED.contains(row.getMetaData().getColumnLabel(column))) {
        Object value = row.getObject(column);
        text.append(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value)
            .append('|');
      }
    }
    return text.toString();
  }

  private List<Generation> generations(String projection) throws SQLException {
    List<Generation> generations = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT number, state, dropped FROM projection_generation WHERE name = '%s' ORDER BY number"
                    .formatted(projection))) {
      while (row.next()) {
        generations.add(
            new Generation(projection, row.getInt(1), row.getString(2), row.getBoolean(3)));
      }
    }
    return generations;
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
