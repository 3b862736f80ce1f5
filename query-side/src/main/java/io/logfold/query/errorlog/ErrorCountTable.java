package io.logfold.query.errorlog;

import static java.time.ZoneOffset.UTC;

import io.logfold.api.AccessLog;
import io.logfold.api.errorlog.FindErrorLogs;
import io.logfold.query.errorlog.Span.Stretch;
import io.logfold.query.fold.CarryOver;
import io.logfold.query.fold.ReceivedLog;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The rows of {@code error_count}: how many errors each minute, hour and day has. Times are UTC.
 */
@Component
class ErrorCountTable {

  private static final String ADD =
      """
      INSERT INTO error_count (generation, span_minutes, bucket, source, status, part, errors)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON DUPLICATE KEY UPDATE errors = errors + VALUES(errors)
      """;

  private static final String IN_WHOLE_SPANS = "SELECT SUM(errors) AS found FROM error_count ";
  private static final String ONE_BY_ONE = "SELECT COUNT(*) AS found FROM error_log ";

  /** Differences are rounded towards zero: so they are taken from a time before all others. */
  private static final Instant LONG_AGO = Instant.parse("1000-01-01T00:00:00Z");

  /** MySQL refuses to compare with the minute or day after the last one that it knows. */
  private static final Instant LAST_DAY = Instant.parse("9999-12-31T00:00:00Z");

  private static final String CARRIED =
      """
      SELECT minutes, source, status, COUNT(*)
        FROM (SELECT TIMESTAMPDIFF(MINUTE, TIMESTAMP '1000-01-01 00:00:00', time) AS minutes,
                     source, status
                FROM error_log
               WHERE generation = ? AND id < ? AND MOD(id, 4096) = ?) taken_over
       GROUP BY minutes, source, status
      """;

  private static final String CLEAR = "DELETE FROM error_count WHERE generation = ? LIMIT 10000";

  private final JdbcTemplate jdbc;

  ErrorCountTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Errors that are counted together. */
  private record Key(Span span, Instant bucket, String source, int status, int part) {}

  /** Counts rows that were inserted in the same transaction. */
  void add(int generation, List<ReceivedLog> errors) {
    Map<Key, Long> byMinute = new HashMap<>();
    for (ReceivedLog error : errors) {
      AccessLog log = error.log();
      Instant minute = Span.MINUTE.floor(log.time());
      byMinute.merge(
          new Key(Span.MINUTE, minute, log.source().strip(), log.status(), error.part()),
          1L,
          Long::sum);
    }
    addMinutes(generation, byMinute);
  }

  /** Counts the rows that were taken over in the same transaction. */
  void carryOver(CarryOver lost) {
    Map<Key, Long> byMinute = new HashMap<>();
    jdbc.query(
        CARRIED,
        row -> {
          Instant minute = LONG_AGO.plusSeconds(row.getLong(1) * 60);
          byMinute.merge(
              new Key(Span.MINUTE, minute, row.getString(2).strip(), row.getInt(3), lost.part()),
              row.getLong(4),
              Long::sum);
        },
        lost.to(),
        lost.firstOffset() * 4096,
        lost.part());
    addMinutes(lost.to(), byMinute);
  }

  void clear(int generation) {
    while (jdbc.update(CLEAR, generation) > 0) {
      // Chunk by chunk: one huge delete would hold every row's lock and undo at once.
    }
  }

  /** Whether an answer's errors are counted here: by source, status and time, and nothing else. */
  static boolean counts(FindErrorLogs query) {
    return query.ip() == null
        && query.method() == null
        && query.path() == null
        && (query.from() == null || !query.from().isAfter(LAST_DAY));
  }

  /** Counts in whole spans, and one by one what is left of a minute at both ends. */
  long count(int generation, FindErrorLogs query) {
    Instant from = query.from();
    Instant to = query.to();
    Instant first = from == null ? null : Span.MINUTE.ceiling(from);
    Instant last = to == null ? null : Span.MINUTE.floor(to);
    Sum sum = new Sum();
    if (first != null && last != null && last.isBefore(first)) {
      sum.add(ONE_BY_ONE, matching(generation, query).and("time >= ?", from).and("time <= ?", to));
      return find(sum);
    }
    for (Stretch stretch : Span.stretches(first, last)) {
      sum.add(
          IN_WHOLE_SPANS,
          matching(generation, query)
              .and("span_minutes = ?", stretch.span().minutes())
              .and("bucket >= ?", stretch.from())
              .and("bucket < ?", stretch.until()));
    }
    if (first != null && first.isAfter(from)) {
      sum.add(
          ONE_BY_ONE, matching(generation, query).and("time >= ?", from).and("time < ?", first));
    }
    if (last != null) {
      sum.add(ONE_BY_ONE, matching(generation, query).and("time >= ?", last).and("time <= ?", to));
    }
    return find(sum);
  }

  private long find(Sum sum) {
    Long errors = jdbc.queryForObject(sum.sql(), Long.class, sum.arguments.toArray());
    return errors == null ? 0 : errors;
  }

  /** Counts that are added up, all of one moment. */
  private static final class Sum {

    private final List<String> counts = new ArrayList<>();
    private final List<Object> arguments = new ArrayList<>();

    void add(String count, Conditions conditions) {
      counts.add(count + conditions.where());
      arguments.addAll(conditions.arguments());
    }

    String sql() {
      return "SELECT SUM(found) FROM (" + String.join(" UNION ALL ", counts) + ") found_in";
    }
  }

  private static Conditions matching(int generation, FindErrorLogs query) {
    return Conditions.of(generation)
        .and("source = ?", query.source())
        .and("status = ?", query.status());
  }

  private void addMinutes(int generation, Map<Key, Long> byMinute) {
    Map<Key, Long> bySpan = new HashMap<>();
    byMinute.forEach(
        (minute, errors) -> {
          for (Span span : Span.values()) {
            Instant bucket = span.floor(minute.bucket());
            bySpan.merge(
                new Key(span, bucket, minute.source(), minute.status(), minute.part()),
                errors,
                Long::sum);
          }
        });
    jdbc.batchUpdate(
        ADD,
        bySpan.entrySet(),
        1_000,
        (statement, row) -> {
          Key key = row.getKey();
          statement.setInt(1, generation);
          statement.setInt(2, key.span().minutes());
          statement.setObject(3, LocalDateTime.ofInstant(key.bucket(), UTC));
          statement.setString(4, key.source());
          statement.setInt(5, key.status());
          statement.setInt(6, key.part());
          statement.setLong(7, row.getValue());
        });
  }
}
