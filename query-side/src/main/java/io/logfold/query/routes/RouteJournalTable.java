package io.logfold.query.routes;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The records of {@code route_journal}, see {@link JournalRecord}. */
@Component
class RouteJournalTable {

  private static final String ADD =
      """
      INSERT INTO route_journal (part, generation, number, first_bucket, last_bucket, additions)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  private static final String OF_PART = " WHERE part = ? AND generation = ?";

  private static final String FIND =
      "SELECT additions FROM route_journal" + OF_PART + " ORDER BY number";

  private static final String FIRST_MINUTE =
      "SELECT MIN(first_bucket) FROM route_journal WHERE generation IN (?, ?)";

  private static final Instant NO_MINUTE = Instant.parse("9999-01-01T00:00:00Z");

  private static final String DELETE = "DELETE FROM route_journal" + OF_PART;

  private static final String CLEAR = "DELETE FROM route_journal WHERE generation = ? LIMIT 10000";

  private final JdbcTemplate jdbc;

  RouteJournalTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Adds a partition's next record.
   *
   * @param number ascending from when the partition's records were deleted
   */
  void add(int generation, int part, int number, JournalRecord record) {
    jdbc.update(
        ADD,
        part,
        generation,
        number,
        RouteTable.bucket(record.firstMinute()),
        RouteTable.bucket(record.lastMinute()),
        record.toBytes());
  }

  /** The first minute that a record of two generations adds to; the end of time without any. */
  Instant firstMinute(int before, int after) {
    LocalDateTime first = jdbc.queryForObject(FIRST_MINUTE, LocalDateTime.class, before, after);
    return first == null ? NO_MINUTE : first.toInstant(ZoneOffset.UTC);
  }

  /** A partition's records in their order. */
  List<byte[]> find(int generation, int part) {
    return jdbc.query(FIND, (row, number) -> row.getBytes(1), part, generation);
  }

  /** Drops a partition's records, in the transaction that writes the rows they add to. */
  void delete(int generation, int part) {
    jdbc.update(DELETE, part, generation);
  }

  void clear(int generation) {
    while (jdbc.update(CLEAR, generation) > 0) {
      // Chunk by chunk: one huge delete would hold every row's lock and undo at once.
    }
  }
}
