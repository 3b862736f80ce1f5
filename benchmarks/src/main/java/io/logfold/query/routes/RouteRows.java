package io.logfold.query.routes;

import static java.time.ZoneOffset.UTC;

import io.logfold.query.rollup.StatusCounts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rows of a generation as they are once its journal is written into them, as text with every
 * byte of them: generations write theirs at other moments. Not thread-safe.
 */
public final class RouteRows {

  private static final String ROWS = "SELECT * FROM route_minute WHERE generation = ";

  private static final String JOURNAL =
      "SELECT part, number, additions FROM route_journal WHERE generation = %d ORDER BY part, number";

  private final Map<RouteRow, RouteFigures> rows = new HashMap<>();

  private RouteRows() {}

  /** Reads them while nothing is folded. */
  public static Set<String> of(Connection connection, int generation) throws SQLException {
    RouteRows rows = new RouteRows();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery(ROWS + generation)) {
        while (row.next()) {
          rows.add(row);
        }
      }
      try (ResultSet records = statement.executeQuery(JOURNAL.formatted(generation))) {
        rows.addJournal(records);
      }
    }
    return rows.rows.entrySet().stream()
        .map(entry -> text(entry.getKey(), entry.getValue()))
        .collect(Collectors.toSet());
  }

  private void add(ResultSet row) throws SQLException {
    RouteRow key =
        new RouteRow(
            RouteRow.minuteOf(row.getObject("bucket", LocalDateTime.class).toInstant(UTC)),
            row.getString("source"),
            row.getString("route"),
            row.getString("method"),
            row.getInt("status_class"),
            row.getInt("part"));
    figures(key)
        .merge(
            row.getLong("requests"),
            StatusCounts.fromText(row.getString("statuses")),
            row.getLong("latency_sum"),
            row.getLong("latency_max"),
            row.getBytes("latency_sketch"));
  }

  private void addJournal(ResultSet records) throws SQLException {
    JournalRecord.Reader reader = null;
    while (records.next()) {
      if (reader == null || records.getInt("number") == 0) {
        reader = new JournalRecord.Reader(records.getInt("part"), this::figures);
      }
      reader.read(records.getBytes("additions"));
    }
  }

  private RouteFigures figures(RouteRow row) {
    return rows.computeIfAbsent(row, key -> new RouteFigures());
  }

  private static String text(RouteRow row, RouteFigures figures) {
    return "%s|%d|%s|%d|%d|%s"
        .formatted(
            row,
            figures.requests(),
            figures.statuses().toText(),
            figures.latencySumMicros(),
            figures.latencyMaxMicros(),
            HexFormat.of().formatHex(figures.latency().toBytes()));
  }
}
