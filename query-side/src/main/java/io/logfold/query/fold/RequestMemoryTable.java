package io.logfold.query.fold;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Component;

/** What {@link RequestMemory} remembers, a row a numbered stream or opaque key. */
@Component
class RequestMemoryTable {

  /** The sequence of a stream or key of which nothing is remembered; never stored. */
  static final long NONE = Long.MIN_VALUE;

  private static final String FIND =
      """
      SELECT stream, sequence, appended, body, folded
        FROM request_memory
       WHERE part = :part AND stream IN (:streams)
      """;

  private static final String SAVE =
      """
      INSERT INTO request_memory (part, stream, sequence, appended, body, folded)
      VALUES (?, ?, ?, ?, ?, ?)
      ON DUPLICATE KEY UPDATE
        sequence = VALUES(sequence), appended = VALUES(appended), body = VALUES(body),
        folded = VALUES(folded)
      """;

  private static final String PRUNE =
      """
      DELETE FROM request_memory
       WHERE part = ? AND sequence < 0 AND (appended < ? OR sequence >= ?)
      """;

  private static final String KEYS_SEEN =
      "SELECT COALESCE(MIN(sequence), 0) FROM request_memory WHERE part = ? AND sequence < 0";

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
   * @param sequence the request's number in the stream; of an opaque key, how many such keys the
   *     partition had seen with it, negated
   * @param appendedMillis when its latest line was appended, epoch milliseconds
   * @param body hash of the request's body, or null if unknown
   * @param folded a bit for each line folded
   */
  record Row(
      String stream, long sequence, long appendedMillis, @Nullable String body, BitSet folded) {}

  List<Row> find(int part, Collection<String> streams) {
    return named.query(
        FIND,
        Map.of("part", part, "streams", streams),
        (row, number) ->
            new Row(
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                row.getString(4),
                BitSet.valueOf(row.getBytes(5))));
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
          statement.setString(5, row.body());
          statement.setBytes(6, row.folded().toByteArray());
        });
  }

  /**
   * Forgets opaque keys.
   *
   * @param beforeMillis those last seen before this, epoch milliseconds
   * @param firstKeys and the first so many of the partition
   */
  void prune(int part, long beforeMillis, long firstKeys) {
    jdbc.update(PRUNE, part, beforeMillis, -Math.max(0, firstKeys));
  }

  /** How many opaque keys the partition saw, as far as any of them is remembered. */
  long keysSeen(int part) {
    Long lowest = jdbc.queryForObject(KEYS_SEEN, Long.class, part);
    return lowest == null ? 0 : -lowest;
  }

  void clear() {
    jdbc.update("DELETE FROM request_memory");
  }
}
