package io.logfold.query.fold;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The rows of {@code ledger}: lines by what became of them, by minute of append time, UTC; what is
 * older than two days, by hour.
 */
@Component
public class LedgerTable {

  private static final String ADD =
      """
      INSERT INTO ledger (part, fold, generation, bucket, source, entry, line_count)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON DUPLICATE KEY UPDATE line_count = line_count + VALUES(line_count)
      """;

  private static final String SUBTRACT =
      """
      UPDATE ledger
         SET line_count = line_count - ?
       WHERE part = ? AND fold = ? AND generation = ? AND bucket = ? AND source = ? AND entry = ?
      """;

  private static final String NO_LINES =
      "DELETE FROM ledger WHERE part = ? AND fold = ? AND generation = ? AND line_count = 0";

  private static final String SUM =
      """
      SELECT fold, generation, entry, SUM(line_count)
        FROM ledger
       WHERE bucket >= ? AND bucket < ?
      """;

  private static final String AND_SOURCE = " AND source = ?";

  private static final String GROUP = " GROUP BY fold, generation, entry";

  private static final String CLEAR =
      "DELETE FROM ledger WHERE fold = ? AND generation = ? LIMIT 10000";

  private static final String OLDEST_MINUTE =
      """
      SELECT part, bucket
        FROM ledger
       WHERE bucket < ? AND EXTRACT(MINUTE FROM bucket) <> 0
       ORDER BY bucket LIMIT 1
      """;

  private static final String WITHIN = " WHERE part = ? AND bucket > ? AND bucket < ?";

  private static final String SUM_WITHIN =
      "SELECT fold, generation, source, entry, SUM(line_count) FROM ledger"
          + WITHIN
          + " GROUP BY fold, generation, source, entry";

  private static final String CLEAR_PART =
      "DELETE FROM ledger WHERE fold = ? AND generation = ? AND part = ? AND bucket < ?";

  private static final String CARRY_PART =
      """
      INSERT INTO ledger (part, fold, generation, bucket, source, entry, line_count)
      SELECT part, fold, ?, bucket, source, entry, line_count
        FROM ledger
       WHERE fold = ? AND generation = ? AND part = ? AND bucket < ?
      """;

  private static final String DELETE_WITHIN = "DELETE FROM ledger" + WITHIN;

  private final JdbcTemplate jdbc;

  LedgerTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  private record Row(LedgerSheet.Heading heading, String entry, long lines) {}

  /** Adds a transaction's lines, in that transaction. */
  void add(LedgerSheet sheet) {
    List<Row> rows = new ArrayList<>();
    sheet
        .tallies()
        .forEach(
            (heading, tally) ->
                tally.forEach((entry, lines) -> rows.add(new Row(heading, entry, lines))));
    if (!rows.isEmpty()) {
      add(rows);
    }
  }

  private void add(List<Row> rows) {
    jdbc.batchUpdate(
        ADD,
        rows,
        rows.size(),
        (statement, row) -> {
          statement.setInt(1, row.heading().part());
          statement.setString(2, row.heading().fold().name());
          statement.setInt(3, row.heading().fold().generation());
          statement.setObject(4, utc(row.heading().bucket()));
          statement.setString(5, row.heading().source());
          statement.setString(6, row.entry());
          statement.setLong(7, row.lines());
        });
  }

  /** Takes back what the lines of a record were counted as, be they kept by minute or by hour. */
  void subtract(Fold fold, Arrival arrival, LedgerEntry entry) {
    if (!subtract(fold, arrival, entry, ChronoUnit.MINUTES)) {
      subtract(fold, arrival, entry, ChronoUnit.HOURS);
    }
    jdbc.update(NO_LINES, arrival.part(), fold.name(), fold.generation());
  }

  private boolean subtract(Fold fold, Arrival arrival, LedgerEntry entry, ChronoUnit bucket) {
    int rows =
        jdbc.update(
            SUBTRACT,
            arrival.lines(),
            arrival.part(),
            fold.name(),
            fold.generation(),
            utc(arrival.appended().truncatedTo(bucket)),
            arrival.source(),
            entry.text());
    return rows > 0;
  }

  /**
   * Lines of every fold, by entry: in one question, so that all are of the same moment.
   *
   * @param from beginning of the first minute
   * @param until beginning of the minute after the last
   * @param source one source, or null for all
   */
  public Map<Fold, SortedMap<String, Long>> sum(
      Instant from, Instant until, @Nullable String source) {
    List<Object> arguments = new ArrayList<>(List.of(utc(from), utc(until)));
    String sql = SUM;
    if (source != null) {
      sql += AND_SOURCE;
      arguments.add(source);
    }
    Map<Fold, SortedMap<String, Long>> linesByFold = new HashMap<>();
    jdbc.query(
        sql + GROUP,
        row -> {
          linesByFold
              .computeIfAbsent(new Fold(row.getString(1), row.getInt(2)), fold -> new TreeMap<>())
              .put(row.getString(3), row.getLong(4));
        },
        arguments.toArray());
    return linesByFold;
  }

  /** A minute that is not the first of its hour, and the partition it has lines of. */
  record Minute(int part, Instant minute) {

    Instant hour() {
      return minute.truncatedTo(ChronoUnit.HOURS);
    }
  }

  /** The oldest minute before a time that could be made part of an hour. */
  Optional<Minute> oldestMinute(Instant before) {
    return jdbc
        .query(
            OLDEST_MINUTE,
            (row, number) ->
                new Minute(row.getInt(1), row.getObject(2, LocalDateTime.class).toInstant(UTC)),
            utc(before.truncatedTo(ChronoUnit.HOURS)))
        .stream()
        .findFirst();
  }

  /** Adds the minutes of an hour to its first, which then stands for all of it. */
  void makeHour(int part, Instant hour) {
    Object[] within = {part, utc(hour), utc(hour.plus(1, ChronoUnit.HOURS))};
    List<Row> rows =
        jdbc.query(
            SUM_WITHIN,
            (row, number) ->
                new Row(
                    new LedgerSheet.Heading(
                        new Fold(row.getString(1), row.getInt(2)),
                        part,
                        hour.toEpochMilli(),
                        row.getString(3)),
                    row.getString(4),
                    row.getLong(5)),
            within);
    if (!rows.isEmpty()) {
      add(rows);
    }
    jdbc.update(DELETE_WITHIN, within);
  }

  /** Takes over a fold's lines of the hours in which records were appended that nobody read. */
  void carryOver(String fold, CarryOver lost) {
    Object until = utc(lost.until().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS));
    jdbc.update(CLEAR_PART, fold, lost.to(), lost.part(), until);
    jdbc.update(CARRY_PART, lost.to(), fold, lost.from(), lost.part(), until);
  }

  public void clear(Fold fold) {
    while (jdbc.update(CLEAR, fold.name(), fold.generation()) > 0) {
      // Chunk by chunk: one huge delete would hold every row's lock and undo at once.
    }
  }

  private static LocalDateTime utc(Instant time) {
    return LocalDateTime.ofInstant(time, UTC);
  }
}
