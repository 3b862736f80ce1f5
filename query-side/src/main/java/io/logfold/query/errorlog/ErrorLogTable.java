package io.logfold.query.errorlog;

import static java.time.ZoneOffset.UTC;

import io.logfold.api.AccessLog;
import io.logfold.api.errorlog.ErrorLogPage.ErrorLog;
import io.logfold.api.errorlog.FindErrorLogs;
import io.logfold.query.fold.CarryOver;
import io.logfold.query.fold.ReceivedLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of {@code error_log}. Times are UTC. */
@Component
public class ErrorLogTable {

  private static final String COLUMNS =
      """
      SELECT id, time, ip, method, path, status, latency_micros, source,
             bytes, user_agent, referrer, host, protocol, route, trace_id
        FROM error_log
      """;

  /** Rows that are passed over are looked up in an index alone, where it has all that is asked. */
  private static final String PAGE =
      """
      SELECT e.id, e.time, e.ip, e.method, e.path, e.status, e.latency_micros, e.source,
             e.bytes, e.user_agent, e.referrer, e.host, e.protocol, e.route, e.trace_id
        FROM (SELECT generation, time, id
                FROM error_log
                %s
               ORDER BY time DESC, id DESC
               LIMIT ? OFFSET ?) page
        JOIN error_log e
          ON e.generation = page.generation AND e.time = page.time AND e.id = page.id
       ORDER BY e.time DESC, e.id DESC
      """;

  private static final String SUMMARY =
      """
      SELECT COUNT(*), COUNT(DISTINCT ip), COALESCE(AVG(latency_micros), 0),
             COALESCE(MAX(latency_micros), 0)
        FROM error_log
      """;

  /** However rare a source is, the time to find its rows is bounded. */
  private static final int LOOKED_AT = 10_000;

  private static final int NEWEST = 2_000;

  private static final String BY_STATUS = "SELECT status, COUNT(*) FROM error_log ";

  private static final String NEWEST_OF =
      "SELECT * FROM ("
          + COLUMNS
          + """
             %s
             ORDER BY time DESC, id DESC
             LIMIT ?
          ) newest
          %s
          ORDER BY time DESC, id DESC
          LIMIT ?
          """;

  /** A row's id is its offset times 4,096 and its partition. */
  private static final String CARRY_OVER =
      """
      INSERT INTO error_log (generation, time, id, ip, method, path, status, latency_micros, source,
                             bytes, user_agent, referrer, host, protocol, route, trace_id, carried)
      SELECT ?, time, id, ip, method, path, status, latency_micros, source,
             bytes, user_agent, referrer, host, protocol, route, trace_id, TRUE
        FROM error_log
       WHERE generation = ? AND id < ? AND MOD(id, 4096) = ? AND status IN (%s)
      """;

  private static final String CLEAR = "DELETE FROM error_log WHERE generation = ? LIMIT 10000";

  private final JdbcTemplate jdbc;

  ErrorLogTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * What the stored errors of a time add up to, exactly.
   *
   * @param meanMicros mean latency, 0 without errors
   * @param maxMicros greatest latency, 0 without errors
   */
  public record Summary(
      long errors,
      long distinctIps,
      double meanMicros,
      long maxMicros,
      SortedMap<Integer, Long> byStatus) {}

  void insert(int generation, List<ReceivedLog> errors) {
    for (ErrorLogInsert insert : ErrorLogInsert.of(generation, errors)) {
      jdbc.update(insert.sql(), insert::bind);
    }
  }

  /** Takes over the rows of logs that were not read, as far as the rule takes them. */
  void carryOver(CarryOver lost, ErrorRule rule) {
    String statuses = rule.statuses().mapToObj(String::valueOf).collect(Collectors.joining(","));
    jdbc.update(
        CARRY_OVER.formatted(statuses),
        lost.to(),
        lost.from(),
        lost.firstOffset() * 4096,
        lost.part());
  }

  void clear(int generation) {
    while (jdbc.update(CLEAR, generation) > 0) {
      // Chunk by chunk: one huge delete would hold every row's lock and undo at once.
    }
  }

  List<ErrorLog> find(int generation, FindErrorLogs query) {
    Conditions matching = matching(generation, query);
    List<Object> arguments = new ArrayList<>(matching.arguments());
    arguments.add(query.limit());
    arguments.add(query.offset());
    return jdbc.query(
        PAGE.formatted(matching.where()), (row, number) -> errorLog(row), arguments.toArray());
  }

  /** Counts row by row. */
  long count(int generation, FindErrorLogs query) {
    Conditions matching = matching(generation, query);
    Long count =
        jdbc.queryForObject(
            "SELECT COUNT(*) FROM error_log " + matching.where(),
            Long.class,
            matching.arguments().toArray());
    return count == null ? 0 : count;
  }

  /** Adds up the errors since a time, of one source or of all. Costs as many reads as errors. */
  public Summary summarise(int generation, Instant from, @Nullable String source) {
    Conditions since = Conditions.of(generation).and("source = ?", source).and("time >= ?", from);
    Object[] arguments = since.arguments().toArray();
    SortedMap<Integer, Long> byStatus = new TreeMap<>();
    jdbc.query(
        BY_STATUS + since.where() + " GROUP BY status",
        row -> {
          byStatus.put(row.getInt(1), row.getLong(2));
        },
        arguments);
    return jdbc.query(
            SUMMARY + since.where(),
            (row, number) ->
                new Summary(
                    row.getLong(1), row.getLong(2), row.getDouble(3), row.getLong(4), byStatus),
            arguments)
        .get(0);
  }

  /**
   * The newest errors of a time, newest first: at most 2,000, and of the newest 10,000 of all
   * sources only.
   *
   * @param until exclusive
   * @param source one source, or null for all
   * @param method one method in upper case, or null for all
   */
  public List<AccessLog> newest(
      int generation,
      Instant from,
      Instant until,
      @Nullable String source,
      @Nullable String method) {
    boolean all = source == null && method == null;
    Conditions looked = Conditions.of(generation).and("time >= ?", from).and("time < ?", until);
    Conditions wanted = Conditions.none().and("source = ?", source).and("method = ?", method);
    List<Object> arguments = new ArrayList<>(looked.arguments());
    arguments.add(all ? NEWEST : LOOKED_AT);
    arguments.addAll(wanted.arguments());
    arguments.add(NEWEST);
    return jdbc.query(
        NEWEST_OF.formatted(looked.where(), wanted.where()),
        (row, number) -> errorLog(row).log(),
        arguments.toArray());
  }

  private static ErrorLog errorLog(ResultSet row) throws SQLException {
    return new ErrorLog(
        row.getLong("id"),
        new AccessLog(
            row.getObject("time", LocalDateTime.class).toInstant(UTC),
            row.getString("ip"),
            row.getString("method"),
            row.getString("path"),
            row.getInt("status"),
            row.getLong("latency_micros"),
            row.getString("source"),
            row.getObject("bytes", Long.class),
            row.getString("user_agent"),
            row.getString("referrer"),
            row.getString("host"),
            row.getString("protocol"),
            row.getString("route"),
            row.getString("trace_id")));
  }

  private static Conditions matching(int generation, FindErrorLogs query) {
    return Conditions.of(generation)
        .and("ip = ?", lower(query.ip()))
        .and("status = ?", query.status())
        .and("method = ?", upper(query.method()))
        .and("LOWER(path) LIKE ? ESCAPE '!'", anywhere(query.path()))
        .and("source = ?", query.source())
        .and("time >= ?", query.from())
        .and("time <= ?", query.to());
  }

  private static @Nullable String lower(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  private static @Nullable String upper(@Nullable String text) {
    return text == null ? null : text.toUpperCase(Locale.ROOT);
  }

  private static @Nullable String anywhere(@Nullable String part) {
    if (part == null) {
      return null;
    }
    String literal = part.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    return "%" + literal.toLowerCase(Locale.ROOT) + "%";
  }
}
