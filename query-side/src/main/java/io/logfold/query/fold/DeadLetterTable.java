package io.logfold.query.fold;

import static java.time.ZoneOffset.UTC;

import io.logfold.api.deadletters.DeadLetterReport;
import io.logfold.api.deadletters.DeadLetterReport.State;
import io.logfold.api.deadletters.FindDeadLetters;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of {@code dead_letter}. Times are UTC. */
@Component
public class DeadLetterTable {

  /** Eight times what a broker takes unless it is told otherwise; a longer value is cut off. */
  private static final int MAX_BYTES = 8 * 1024 * 1024;

  private static final int MAX_ERROR = 1_000;

  private static final int ROWS_A_STATEMENT = 100;

  /**
   * A record that is parked already stays as it is, discarded or not; one that was retried with
   * success, and now fails when it is folded anew, is parked again.
   */
  private static final String PARK =
      """
      INSERT INTO dead_letter (fold, generation, topic, part, log_offset, appended, headers, bytes,
                               size, error, state, parked_at, changed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'parked', ?, ?)
      ON DUPLICATE KEY UPDATE
        error = CASE WHEN state = 'retried' THEN VALUES(error) ELSE error END,
        changed_at = CASE WHEN state = 'retried' THEN VALUES(changed_at) ELSE changed_at END,
        state = CASE WHEN state = 'retried' THEN 'parked' ELSE state END
      """;

  private static final String COLUMNS =
      """
      SELECT id, fold, generation, topic, part, log_offset, appended, size, error, state, parked_at,
             changed_at
        FROM dead_letter
      """;

  private static final String ONE =
      """
      SELECT id, fold, generation, topic, part, log_offset, appended, size, error, state, parked_at,
             changed_at, headers, bytes
        FROM dead_letter
       WHERE id = ?
      """;

  private static final String CHANGE =
      "UPDATE dead_letter SET state = ?, changed_at = ? WHERE id = ? AND state = 'parked'";

  private static final String IS_LINE =
      "UPDATE dead_letter SET request = ?, request_line = ? WHERE id = ?";

  private static final String TAKEN_IN =
      """
      SELECT COUNT(*)
        FROM dead_letter
       WHERE request = ? AND request_line = ? AND state = 'retried' AND id <> ?
      """;

  private static final String CLEAR =
      "DELETE FROM dead_letter WHERE fold = ? AND generation = ? AND state = 'parked' LIMIT 10000";

  private static final String CARRY_OVER =
      """
      INSERT INTO dead_letter (fold, generation, topic, part, log_offset, appended, headers, bytes,
                               size, error, state, parked_at, changed_at)
      SELECT fold, ?, topic, part, log_offset, appended, headers, bytes, size, error, state,
             parked_at, changed_at
        FROM dead_letter
       WHERE fold = ? AND generation = ? AND part = ? AND log_offset < ?
      """;

  private static final String PARKED =
      """
      SELECT fold, generation, COUNT(*)
        FROM dead_letter
       WHERE state = 'parked'
       GROUP BY fold, generation
      """;

  private final JdbcTemplate jdbc;
  private final Clock clock;

  DeadLetterTable(JdbcTemplate jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * A record that was kept aside.
   *
   * @param record as it stands on the log, without its key; its value may be cut off
   */
  public record Row(DeadLetterReport letter, ConsumerRecord<String, byte[]> record) {

    Fold fold() {
      return new Fold(letter.projection(), letter.generation());
    }

    /** Whether all of its value was kept. */
    boolean isWhole() {
      return record.value() == null || record.value().length == letter.size();
    }
  }

  /** Keeps records aside, in the transaction that passes over them; again changes nothing. */
  void park(List<DeadLetter> letters) {
    if (letters.isEmpty()) {
      return;
    }
    LocalDateTime now = utc(clock.instant());
    jdbc.batchUpdate(
        PARK, letters, ROWS_A_STATEMENT, (statement, letter) -> bind(statement, letter, now));
  }

  /** Forgets what a fold is about to find again, from the beginning of the log. */
  void clear(Fold fold) {
    while (jdbc.update(CLEAR, fold.name(), fold.generation()) > 0) {
      // Chunk by chunk: one huge delete would hold every row's lock and undo at once.
    }
  }

  /** Takes over a projection's letters of records that nobody read. */
  void carryOver(String fold, CarryOver lost) {
    jdbc.update(CARRY_OVER, lost.to(), fold, lost.from(), lost.part(), lost.firstOffset());
  }

  /** Whether the letter was parked, and is retried from now on. */
  boolean retried(long id) {
    return change(id, State.RETRIED);
  }

  /** Whether the letter was parked, and is discarded from now on. */
  boolean discarded(long id) {
    return change(id, State.DISCARDED);
  }

  private boolean change(long id, State state) {
    return jdbc.update(CHANGE, text(state), utc(clock.instant()), id) > 0;
  }

  /** Remembers which line of which request an unreadable record turned out to be. */
  void isLine(long id, String request, int line) {
    jdbc.update(IS_LINE, request, line, id);
  }

  /** Whether another letter turned out to be the same line, and was taken in. */
  boolean isTakenIn(String request, int line, long exceptId) {
    Long count = jdbc.queryForObject(TAKEN_IN, Long.class, request, line, exceptId);
    return count != null && count > 0;
  }

  /** Newest first; one more than asked for, if there is one: so there is another page. */
  public List<DeadLetterReport> find(FindDeadLetters query) {
    List<String> conditions = new ArrayList<>(List.of("1 = 1"));
    List<Object> arguments = new ArrayList<>();
    add(conditions, arguments, "state = ?", query.state() == null ? null : text(query.state()));
    add(conditions, arguments, "fold = ?", query.projection());
    add(conditions, arguments, "id < ?", query.before());
    arguments.add(query.limit() + 1);
    return jdbc.query(
        COLUMNS + " WHERE " + String.join(" AND ", conditions) + " ORDER BY id DESC LIMIT ?",
        (row, number) -> letter(row),
        arguments.toArray());
  }

  public Optional<Row> find(long id) {
    return jdbc.query(ONE, (row, number) -> new Row(letter(row), record(row)), id).stream()
        .findFirst();
  }

  /** How many are parked now, by fold. */
  public Map<Fold, Long> parkedByFold() {
    Map<Fold, Long> parked = new HashMap<>();
    jdbc.query(
        PARKED,
        row -> {
          parked.put(new Fold(row.getString(1), row.getInt(2)), row.getLong(3));
        });
    return parked;
  }

  private static void bind(PreparedStatement statement, DeadLetter letter, LocalDateTime now)
      throws SQLException {
    ConsumerRecord<String, byte[]> record = letter.record();
    byte[] value = record.value();
    statement.setString(1, letter.fold().name());
    statement.setInt(2, letter.fold().generation());
    statement.setString(3, record.topic());
    statement.setInt(4, record.partition());
    statement.setLong(5, record.offset());
    statement.setObject(6, utc(Instant.ofEpochMilli(record.timestamp())));
    statement.setString(7, StoredHeaders.write(record.headers()));
    statement.setBytes(8, cut(value));
    statement.setLong(9, value == null ? 0 : value.length);
    statement.setString(10, cut(letter.error()));
    statement.setObject(11, now);
    statement.setObject(12, now);
  }

  private static byte @Nullable [] cut(byte @Nullable [] value) {
    return value == null || value.length <= MAX_BYTES ? value : Arrays.copyOf(value, MAX_BYTES);
  }

  private static String cut(String error) {
    if (error.length() <= MAX_ERROR) {
      return error;
    }
    boolean half = Character.isHighSurrogate(error.charAt(MAX_ERROR - 1));
    return error.substring(0, half ? MAX_ERROR - 1 : MAX_ERROR);
  }

  private static DeadLetterReport letter(ResultSet row) throws SQLException {
    return new DeadLetterReport(
        row.getLong("id"),
        row.getString("fold"),
        row.getInt("generation"),
        row.getString("topic"),
        row.getInt("part"),
        row.getLong("log_offset"),
        time(row, "appended"),
        row.getLong("size"),
        row.getString("error"),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        time(row, "parked_at"),
        time(row, "changed_at"));
  }

  private static ConsumerRecord<String, byte[]> record(ResultSet row) throws SQLException {
    byte[] value = row.getBytes("bytes");
    return new ConsumerRecord<>(
        row.getString("topic"),
        row.getInt("part"),
        row.getLong("log_offset"),
        time(row, "appended").toEpochMilli(),
        TimestampType.LOG_APPEND_TIME,
        0,
        value == null ? 0 : value.length,
        null,
        value,
        StoredHeaders.read(row.getString("headers")),
        Optional.empty());
  }

  private static void add(
      List<String> conditions,
      List<Object> arguments,
      String condition,
      @Nullable Object argument) {
    if (argument != null) {
      conditions.add(condition);
      arguments.add(argument);
    }
  }

  private static String text(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, LocalDateTime.class).toInstant(UTC);
  }

  private static LocalDateTime utc(Instant time) {
    return LocalDateTime.ofInstant(time, UTC);
  }
}
