package io.logfold.query.fold;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * How far generations are that the fold does not feed. Of each fed generation a partition has a row
 * here or in {@code fold_position}, never in both.
 */
@Component
public class FeedPositionTable {

  private static final String COLUMNS =
      "SELECT fold, generation, part, first_offset, first_appended, next_offset FROM feed_position";

  private static final String LOCK =
      COLUMNS + " WHERE fold = ? AND generation = ? AND part = ? FOR UPDATE";

  private static final String LOCK_PART = COLUMNS + " WHERE part = ? FOR UPDATE";

  private static final String ADD =
      """
      INSERT INTO feed_position (fold, generation, part, first_offset, first_appended, next_offset)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  private static final String MOVE =
      """
      UPDATE feed_position SET next_offset = ?, first_offset = ?, first_appended = ?
       WHERE fold = ? AND generation = ? AND part = ?
      """;

  private static final String REMOVE =
      "DELETE FROM feed_position WHERE fold = ? AND generation = ? AND part = ?";

  private static final String REMOVE_ALL =
      "DELETE FROM feed_position WHERE fold = ? AND generation = ?";

  private final JdbcTemplate jdbc;

  FeedPositionTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Where a generation is in a partition.
   *
   * @param firstOffset where it began to read, or 0 if it lacks nothing of what was before
   * @param firstAppendedMillis when the first record it read was appended, or null if it read none
   * @param nextOffset the next offset to fold
   */
  public record Feed(
      Fold fold, int part, long firstOffset, @Nullable Long firstAppendedMillis, long nextOffset) {

    Feed movedTo(long offset, @Nullable Long appendedMillis) {
      return new Feed(fold, part, firstOffset, appendedMillis, offset);
    }

    /** It holds what was before, too. */
    Feed withItsPast() {
      return new Feed(fold, part, 0, firstAppendedMillis, nextOffset);
    }
  }

  /** Every generation that has partitions here, by partition. */
  public Map<Fold, Map<Integer, Feed>> all() {
    Map<Fold, Map<Integer, Feed>> feeds = new HashMap<>();
    jdbc.query(
        COLUMNS,
        row -> {
          Feed feed = feed(row);
          feeds.computeIfAbsent(feed.fold(), fold -> new TreeMap<>()).put(feed.part(), feed);
        });
    return feeds;
  }

  /** Reads a row and keeps every other writer from it until the transaction ends. */
  Optional<Feed> lock(Fold fold, int part) {
    return jdbc
        .query(LOCK, (row, number) -> feed(row), fold.name(), fold.generation(), part)
        .stream()
        .findFirst();
  }

  /** Reads a partition's rows and keeps every other writer from them until the transaction ends. */
  List<Feed> lock(int part) {
    return jdbc.query(LOCK_PART, (row, number) -> feed(row), part);
  }

  /** Whether a generation is fed apart; the answer stays true until the transaction ends. */
  public boolean isThere(Fold fold) {
    return lock(fold, 0).isPresent();
  }

  /** Says that a generation is fed apart. */
  public void begin(Fold fold, int part, long firstOffset) {
    add(List.of(new Feed(fold, part, firstOffset, null, firstOffset)));
  }

  void add(List<Feed> feeds) {
    for (Feed feed : feeds) {
      jdbc.update(
          ADD,
          feed.fold().name(),
          feed.fold().generation(),
          feed.part(),
          feed.firstOffset(),
          feed.firstAppendedMillis(),
          feed.nextOffset());
    }
  }

  void move(Feed feed) {
    jdbc.update(
        MOVE,
        feed.nextOffset(),
        feed.firstOffset(),
        feed.firstAppendedMillis(),
        feed.fold().name(),
        feed.fold().generation(),
        feed.part());
  }

  void remove(Fold fold, int part) {
    jdbc.update(REMOVE, fold.name(), fold.generation(), part);
  }

  /** Says that a generation is fed apart no more. */
  public void remove(Fold fold) {
    jdbc.update(REMOVE_ALL, fold.name(), fold.generation());
  }

  private static Feed feed(ResultSet row) throws SQLException {
    return new Feed(
        new Fold(row.getString(1), row.getInt(2)),
        row.getInt(3),
        row.getLong(4),
        row.getObject(5, Long.class),
        row.getLong(6));
  }
}
