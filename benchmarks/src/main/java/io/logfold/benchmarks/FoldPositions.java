package io.logfold.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** How far the query side is, asked of its table and not of itself: that costs it nothing. */
final class FoldPositions implements AutoCloseable {

  private static final long POLL_MILLIS = 100;

  private static final String FOLDED =
      """
      SELECT COALESCE(SUM(position), 0)
        FROM (SELECT MIN(next_offset) AS position
                FROM fold_position
               WHERE fold <> 'dead-letter-retries'
               GROUP BY part) AS parts
      """;

  private final Connection connection;
  private final PreparedStatement folded;

  FoldPositions(Connection connection) throws SQLException {
    this.connection = connection;
    this.folded = connection.prepareStatement(FOLDED);
  }

  /** Records that every fold has taken in. */
  long folded() throws SQLException {
    try (ResultSet row = folded.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /**
   * Waits until so many records are folded.
   *
   * @param patience how long it may stand still
   * @return when that was seen, on {@link System#nanoTime}
   */
  long await(long records, Duration patience) throws SQLException, InterruptedException {
    long seen = folded();
    long movedNanos = System.nanoTime();
    while (seen < records) {
      Thread.sleep(POLL_MILLIS);
      long now = folded();
      if (now != seen) {
        seen = now;
        movedNanos = System.nanoTime();
      } else if (System.nanoTime() - movedNanos > patience.toNanos()) {
        throw new IllegalStateException(
            "The fold stands still at %,d of %,d records.".formatted(seen, records));
      }
    }
    return System.nanoTime();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
