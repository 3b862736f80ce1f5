package io.logfold.query.fold;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Records that no projection folds: repeats, and what could not be read; a row for each run of
 * them. They commit with the fold's position, so up to there it is known of every record.
 */
@Component
class SkippedRecordTable {

  private static final String ADD =
      """
      INSERT INTO skipped_record (part, first_offset, next_offset) VALUES (?, ?, ?)
      ON DUPLICATE KEY UPDATE next_offset = VALUES(next_offset)
      """;

  private static final String WITHIN =
      """
      SELECT first_offset, next_offset FROM skipped_record
       WHERE part = ? AND first_offset > ? AND first_offset < ? AND next_offset > ?
      """;

  private static final String RUN_AROUND =
      """
      SELECT first_offset, next_offset FROM skipped_record
       WHERE part = ? AND first_offset > ? AND first_offset <= ? AND next_offset > ?
         FOR UPDATE
      """;

  private static final String REMOVE =
      "DELETE FROM skipped_record WHERE part = ? AND first_offset = ?";

  private static final String PRUNE =
      "DELETE FROM skipped_record WHERE part = ? AND next_offset <= ?";

  /** A longer run is several rows, so that nobody has to look for it far back. */
  private static final int LONGEST_RUN = 10_000;

  private final JdbcTemplate jdbc;

  SkippedRecordTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Records of a partition from an offset to before another. */
  record Run(int part, long firstOffset, long nextOffset) {}

  /** Collects records of a transaction in log order. Not thread-safe. */
  static final class Runs {

    private final List<Run> runs = new ArrayList<>();

    void add(int part, long offset) {
      Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (last != null
          && last.part() == part
          && last.nextOffset() == offset
          && offset - last.firstOffset() < LONGEST_RUN) {
        runs.set(runs.size() - 1, new Run(part, last.firstOffset(), offset + 1));
      } else {
        runs.add(new Run(part, offset, offset + 1));
      }
    }

    List<Run> toList() {
      return runs;
    }
  }

  void add(Runs runs) {
    if (!runs.toList().isEmpty()) {
      add(runs.toList());
    }
  }

  /** Whoever folds the log from now on folds this record too. */
  void remove(int part, long offset) {
    List<Run> around =
        jdbc.query(
            RUN_AROUND,
            (row, number) -> new Run(part, row.getLong(1), row.getLong(2)),
            part,
            offset - LONGEST_RUN,
            offset,
            offset);
    for (Run run : around) {
      jdbc.update(REMOVE, part, run.firstOffset());
      List<Run> rest =
          Stream.of(
                  new Run(part, run.firstOffset(), offset),
                  new Run(part, offset + 1, run.nextOffset()))
              .filter(each -> each.firstOffset() < each.nextOffset())
              .toList();
      if (!rest.isEmpty()) {
        add(rest);
      }
    }
  }

  private void add(List<Run> runs) {
    jdbc.batchUpdate(
        ADD,
        runs,
        runs.size(),
        (statement, run) -> {
          statement.setInt(1, run.part());
          statement.setLong(2, run.firstOffset());
          statement.setLong(3, run.nextOffset());
        });
  }

  /**
   * Which records of a span of a partition are skipped.
   *
   * @param until exclusive, at most some 100,000 after {@code from}
   * @return a bit for each, from {@code from} on
   */
  BitSet within(int part, long from, long until) {
    BitSet skipped = new BitSet();
    jdbc.query(
        WITHIN,
        row -> {
          int first = (int) Math.max(0, row.getLong(1) - from);
          int next = (int) (Math.min(until, row.getLong(2)) - from);
          skipped.set(first, next);
        },
        part,
        from - LONGEST_RUN,
        until,
        from);
    return skipped;
  }

  /** Forgets what is no longer on the log. */
  void prune(int part, long beginOffset) {
    jdbc.update(PRUNE, part, beginOffset);
  }

  void clear() {
    jdbc.update("DELETE FROM skipped_record");
  }
}
