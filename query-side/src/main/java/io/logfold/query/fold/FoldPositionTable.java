package io.logfold.query.fold;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * How far each fold has read each partition: the truth about what is in the tables, since it
 * commits with them. Axon's token only says where to resume reading; segments share one stream, so
 * after a restart it may point before what a segment has already folded.
 */
@Component
public class FoldPositionTable {

  private static final String LOCK =
      """
      SELECT part, fold, generation, next_offset
        FROM fold_position
       WHERE part IN (:parts)
       ORDER BY part
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

  private static final String FORGET_PART = FORGET + " AND part = ?";

  private static final String ALL =
      "SELECT part, next_offset FROM fold_position WHERE fold = ? AND generation = ?";

  private final JdbcTemplate jdbc;
  private final NamedParameterJdbcTemplate named;

  FoldPositionTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
    this.named = new NamedParameterJdbcTemplate(jdbc);
  }

  /** A fold's next offset of a partition. */
  record Position(Fold fold, int part, long nextOffset) {}

  /**
   * Reads the positions of partitions and keeps every other writer out of them until the
   * transaction ends.
   *
   * @return by partition the next offset to fold, by fold; what has not begun is missing
   */
  Map<Integer, Map<Fold, Long>> lock(Collection<Integer> parts) {
    Map<Integer, Map<Fold, Long>> positions = new HashMap<>();
    named.query(
        LOCK,
        Map.of("parts", parts),
        row -> {
          positions
              .computeIfAbsent(row.getInt(1), part -> new HashMap<>())
              .put(new Fold(row.getString(2), row.getInt(3)), row.getLong(4));
        });
    return positions;
  }

  /** Moves folds to the offsets after the last ones folded. */
  void move(List<Position> positions) {
    jdbc.batchUpdate(
        MOVE,
        positions,
        positions.size(),
        (statement, position) -> {
          statement.setString(1, position.fold().name());
          statement.setInt(2, position.fold().generation());
          statement.setInt(3, position.part());
          statement.setLong(4, position.nextOffset());
        });
  }

  /** Sends a fold back to where it has folded nothing. */
  public void forget(Fold fold) {
    jdbc.update(FORGET, fold.name(), fold.generation());
  }

  /** Sends a fold back in one partition. */
  void forget(Fold fold, int part) {
    jdbc.update(FORGET_PART, fold.name(), fold.generation(), part);
  }

  /**
   * Reads without locking.
   *
   * @return the next offset to fold, by partition
   */
  public Map<Integer, Long> positions(Fold fold) {
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
