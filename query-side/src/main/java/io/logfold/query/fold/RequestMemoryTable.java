package io.logfold.query.fold;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Component;

/** What {@link RequestMemory} remembers, a row a numbered stream or opaque key. */
@Component
class RequestMemoryTable {

  /** The sequence of a request that has none. */
  static final long OPAQUE = -1;

  private static final String FIND =
      """
      SELECT stream, sequence, appended, folded
        FROM request_memory
       WHERE part = :part AND stream IN (:streams)
      """;

  private static final String SAVE =
      """
      INSERT INTO request_memory (part, stream, sequence, appended, folded)
      VALUES (?, ?, ?, ?, ?)
      ON DUPLICATE KEY UPDATE
        sequence = VALUES(sequence), appended = VALUES(appended), folded = VALUES(folded)
      """;

  private static final String PRUNE =
      "DELETE FROM request_memory WHERE part = ? AND sequence = -1 AND appended < ?";

  private final JdbcTemplate jdbc;
  private final NamedParameterJdbcTemplate named;

  RequestMemoryTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
    this.named = new NamedParameterJdbcTemplate(jdbc);
  }

  /**
   * The lines folded of a request.
   *
   * @param stream name of the stream or key, of either kind
   * @param sequence the request's number in the stream, or {@link #OPAQUE}
   * @param appendedMillis when its latest line was appended, epoch milliseconds
   * @param folded a bit for each line folded
   */
  record Row(String stream, long sequence, long appendedMillis, BitSet folded) {}

  Map<String, Row> find(int part, Collection<String> streams) {
    Map<String, Row> rows = new HashMap<>();
    named.query(
        FIND,
        Map.of("part", part, "streams", streams),
        row -> {
          rows.put(
              row.getString(1),
              new Row(
                  row.getString(1),
                  row.getLong(2),
                  row.getLong(3),
                  BitSet.valueOf(row.getBytes(4))));
        });
    return rows;
  }

  void save(int part, List<Row> rows) {
    jdbc.batchUpdate(
        SAVE,
        rows,
        rows.size(),
        (statement, row) -> {
          statement.setInt(1, part);
          statement.setString(2, row.stream());
          statement.setLong(3, row.sequence());
          statement.setLong(4, row.appendedMillis());
          statement.setBytes(5, row.folded().toByteArray());
        });
  }

  /** Forgets opaque keys last seen before a time, epoch milliseconds. */
  void prune(int part, long beforeMillis) {
    jdbc.update(PRUNE, part, beforeMillis);
  }

  void clear() {
    jdbc.update("DELETE FROM request_memory");
  }
}
