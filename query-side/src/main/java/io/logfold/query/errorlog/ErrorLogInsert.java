package io.logfold.query.errorlog;

import static java.time.ZoneOffset.UTC;

import io.logfold.api.AccessLog;
import io.logfold.query.fold.ReceivedLog;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A statement that inserts many rows of {@code error_log} with few values each: this is where
 * folding spends most. JDBC's own batches keep every value of every row until they are sent, nulls
 * included; in statements of many rows, without the columns that no row fills, its share of
 * folding's time fell from a quarter to a sixth.
 */
final class ErrorLogInsert {

  /** Few sizes, so that the driver knows its statements again. */
  private static final int[] ROWS = {256, 32, 4, 1};

  private static final String[] ALWAYS = {
    "time", "id", "ip", "method", "path", "status", "latency_micros", "source"
  };

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  private static final List<MaybeNull> MAYBE_NULL =
      List.of(
          new MaybeNull("bytes", AccessLog::bytes),
          new MaybeNull("user_agent", AccessLog::userAgent),
          new MaybeNull("referrer", AccessLog::referrer),
          new MaybeNull("host", AccessLog::host),
          new MaybeNull("protocol", AccessLog::protocol),
          new MaybeNull("route", AccessLog::route),
          new MaybeNull("trace_id", AccessLog::traceId));

  private final String sql;
  private final List<MaybeNull> filled;
  private final List<ReceivedLog> errors;

  private ErrorLogInsert(int generation, List<MaybeNull> filled, List<ReceivedLog> errors) {
    this.sql = sql(generation, filled, errors.size());
    this.filled = filled;
    this.errors = errors;
  }

  /** A column that may be null. */
  private record MaybeNull(String name, Function<AccessLog, @Nullable Object> value) {}

  /** The statements that insert these rows. */
  static List<ErrorLogInsert> of(int generation, List<ReceivedLog> errors) {
    List<MaybeNull> filled =
        MAYBE_NULL.stream()
            .filter(
                column ->
                    errors.stream().anyMatch(error -> column.value().apply(error.log()) != null))
            .toList();
    List<ErrorLogInsert> inserts = new ArrayList<>();
    int from = 0;
    for (int rows : ROWS) {
      while (errors.size() - from >= rows) {
        inserts.add(new ErrorLogInsert(generation, filled, errors.subList(from, from + rows)));
        from += rows;
      }
    }
    return inserts;
  }

  String sql() {
    return sql;
  }

  void bind(PreparedStatement statement) throws SQLException {
    Values values = new Values(statement);
    for (ReceivedLog error : errors) {
      values.add(error, filled);
    }
  }

  private static String sql(int generation, List<MaybeNull> filled, int rows) {
    List<String> columns = new ArrayList<>(Arrays.asList(ALWAYS));
    filled.forEach(column -> columns.add(column.name()));
    String row =
        "("
            + generation
            + Collections.nCopies(columns.size(), ",?").stream().collect(Collectors.joining())
            + ")";
    return "INSERT INTO error_log (generation,"
        + String.join(",", columns)
        + ") VALUES "
        + Stream.generate(() -> row).limit(rows).collect(Collectors.joining(","));
  }

  /** The values of a statement, row after row. */
  private static final class Values {

    private final PreparedStatement statement;
    private int last;
    private Instant time = Instant.MIN;
    private String timeText = "";

    Values(PreparedStatement statement) {
      this.statement = statement;
    }

    void add(ReceivedLog error, List<MaybeNull> filled) throws SQLException {
      AccessLog log = error.log();
      statement.setString(++last, text(log.time()));
      statement.setLong(++last, error.id());
      statement.setString(++last, log.ip().toLowerCase(Locale.ROOT));
      statement.setString(++last, log.method());
      statement.setString(++last, log.path());
      statement.setInt(++last, log.status());
      statement.setLong(++last, log.latencyMicros());
      statement.setString(++last, log.source());
      for (MaybeNull column : filled) {
        set(column.value().apply(log));
      }
    }

    private void set(@Nullable Object value) throws SQLException {
      if (value instanceof Long number) {
        statement.setLong(++last, number);
      } else {
        statement.setString(++last, (String) value);
      }
    }

    /** Neighbours often are of the same millisecond. */
    private String text(Instant logged) {
      if (!logged.equals(time)) {
        time = logged;
        timeText = TIME.format(LocalDateTime.ofInstant(logged, UTC));
      }
      return timeText;
    }
  }
}
