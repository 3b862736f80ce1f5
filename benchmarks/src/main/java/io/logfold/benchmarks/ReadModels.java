package io.logfold.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the query side's tables hold.
 *
 * @param requests that the statistics count
 * @param errorsByStatus rows of the error log
 */
record ReadModels(long requests, SortedMap<Integer, Long> errorsByStatus) {

  private static final String REQUESTS = "SELECT COALESCE(SUM(requests), 0) FROM stats_hour";

  private static final String ERRORS = "SELECT status, COUNT(*) FROM error_log GROUP BY status";

  private static final String BYTES =
      """
      SELECT SUM(data_length + index_length)
        FROM information_schema.tables
       WHERE table_schema = DATABASE()
      """;

  static ReadModels of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      SortedMap<Integer, Long> errors = new TreeMap<>();
      try (ResultSet rows = statement.executeQuery(ERRORS)) {
        while (rows.next()) {
          errors.put(rows.getInt(1), rows.getLong(2));
        }
      }
      return new ReadModels(number(statement, REQUESTS), errors);
    }
  }

  ReadModels since(ReadModels before) {
    SortedMap<Integer, Long> added = new TreeMap<>();
    errorsByStatus.forEach(
        (status, rows) -> added.put(status, rows - before.errorsByStatus.getOrDefault(status, 0L)));
    return new ReadModels(requests - before.requests, added);
  }

  /** Bytes of all tables and their indexes, as the server estimates them. */
  static long bytes(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String table :
          new String[] {
            "error_log",
            "error_count",
            "stats_minute",
            "stats_hour",
            "route_minute",
            "route_journal"
          }) {
        statement.execute("ANALYZE TABLE " + table);
      }
      answerWithoutCache(statement);
      return number(statement, BYTES);
    }
  }

  /** MySQL keeps the sizes of tables for a day; MariaDB keeps none and does not know the word. */
  private static void answerWithoutCache(Statement statement) {
    try {
      statement.execute("SET SESSION information_schema_stats_expiry = 0");
    } catch (SQLException e) {
      // It is not MySQL.
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
