package io.logfold.query.routes;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What the rollups by route that answer add up to, rows and journal, straight from the database.
 *
 * @param latencySumMicros of all requests
 */
public record RouteSums(long requests, long latencySumMicros) {

  private static final String ANSWERING =
      """
       WHERE generation = (SELECT number FROM projection_generation
                            WHERE name = 'routes' AND state = 'LIVE')
      """;

  private static final String ROWS =
      "SELECT SUM(requests), SUM(latency_sum) FROM route_minute" + ANSWERING;

  private static final String JOURNAL =
      "SELECT number, part, additions FROM route_journal" + ANSWERING + " ORDER BY part, number";

  /** Reads them while nothing is folded. */
  public static RouteSums of(Connection connection) throws SQLException {
    RouteFigures journaled = new RouteFigures();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet records = statement.executeQuery(JOURNAL)) {
        JournalRecord.Reader reader = null;
        while (records.next()) {
          if (reader == null || records.getInt(1) == 0) {
            reader = new JournalRecord.Reader(records.getInt(2), row -> journaled);
          }
          reader.read(records.getBytes(3));
        }
      }
      try (ResultSet rows = statement.executeQuery(ROWS)) {
        rows.next();
        return new RouteSums(
            rows.getLong(1) + journaled.requests(), rows.getLong(2) + journaled.latencySumMicros());
      }
    }
  }
}
