package io.logfold.query.fold;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * How far each fold has read each partition: the truth about what is in the tables, since it
 * commits with them. Axon's token only says where to resume reading; segments share one stream, so
 * after a restart it may point before what a segment has already folded.
 */
@Component
class FoldPositionTable {

  private static final String LOCK =
      """
      SELECT fold, generation, next_offset
        FROM fold_position
       WHERE part = ?
         FOR UPDATE
      """;

  private static final String MOVE =
      """
      INSERT INTO fold_position (fold, generation, part, next_offset)
      VALUES (?, ?, ?, ?)
      ON DUPLICATE KEY UPDATE next_offset = VALUES(next_offset)
      """;

  private static final String FORGET =
      "DELETE FROM fold_position WHERE fold = ? AND generation = ?";

  private static final String ALL =
      "SELECT part, next_offset FROM fold_position WHERE fold = ? AND generation = ?";

  private final JdbcTemplate jdbc;

  FoldPositionTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** A generation of a fold. */
  record Fold(String name, int generation) {}

  /**
   * Reads the positions of a partition and keeps every other writer of it out until the transaction
   * ends.
   *
   * @return the next offset to fold, by fold; a fold that has not begun is missing
   */
  Map<Fold, Long> lock(int part) {
    Map<Fold, Long> positions = new HashMap<>();
    jdbc.query(
        LOCK,
        row -> {
          positions.put(new Fold(row.getString(1), row.getInt(2)), row.getLong(3));
        },
        part);
    return positions;
  }

  /** Moves the folds to the offset after the last one folded. */
  void move(int part, List<Fold> folds, long nextOffset) {
    jdbc.batchUpdate(
        MOVE,
        folds,
        folds.size(),
        (statement, fold) -> {
          statement.setString(1, fold.name());
          statement.setInt(2, fold.generation());
          statement.setInt(3, part);
          statement.setLong(4, nextOffset);
        });
  }

  /** Sends a fold back to where it has folded nothing. */
  void forget(Fold fold) {
    jdbc.update(FORGET, fold.name(), fold.generation());
  }

  /**
   * Reads without locking.
   *
   * @return the next offset to fold, by partition
   */
  Map<Integer, Long> positions(Fold fold) {
    Map<Integer, Long> positions = new HashMap<>();
    jdbc.query(
        ALL,
        row -> {
          positions.put(row.getInt(1), row.getLong(2));
        },
        fold.name(),
        fold.generation());
    return positions;
  }
}
