package io.logfold.query.routes;

import static io.logfold.query.routes.ManyRows.repeated;
import static java.time.ZoneOffset.UTC;

import io.logfold.query.fold.CarryOver;
import io.logfold.query.fold.Generations;
import io.logfold.query.rollup.LatencySketch;
import io.logfold.query.rollup.StatusCounts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of {@code route_minute}, and what its journal adds to them. Times are UTC. */
@Component
public class RouteTable {

  /** Minutes read by a statement: JDBC holds all of its rows at once. */
  private static final int SLICE = 5;

  private static final String SAVE =
      """
      INSERT INTO route_minute (generation, bucket, source, route, method, status_class, part,
                                requests, statuses, latency_sum, latency_max, latency_sketch)
      VALUES
      """;

  private static final String SAVED = "(?,?,?,?,?,?,?,?,?,?,?,?)";

  private static final String IN_PLACE =
      """

      ON DUPLICATE KEY UPDATE
        requests = VALUES(requests), statuses = VALUES(statuses),
        latency_sum = VALUES(latency_sum), latency_max = VALUES(latency_max),
        latency_sketch = VALUES(latency_sketch)
      """;

  private static final String OF_PART = " WHERE generation = ? AND bucket = ? AND part = ?";

  private static final String ANY = "SELECT 1 FROM route_minute" + OF_PART + " LIMIT 1";

  private static final String FIND =
      """
      SELECT source, route, method, status_class,
             requests, statuses, latency_sum, latency_max, latency_sketch
        FROM route_minute
      """;

  private static final String FOUND =
      "(source = ? AND route = ? AND method = ? AND status_class = ?)";

  private static final String PRUNE = "DELETE FROM route_minute WHERE bucket < ? LIMIT 10000";

  private static final String CLEAR = "DELETE FROM route_minute WHERE generation = ? LIMIT 10000";

  private static final String LAST_MINUTE =
      """
      SELECT MAX(bucket)
        FROM (SELECT MAX(bucket) AS bucket FROM route_minute WHERE generation = ?
              UNION ALL
              SELECT MAX(last_bucket) FROM route_journal WHERE generation = ?) last_minutes
      """;

  private static final String CLEAR_UNTIL =
      "DELETE FROM route_minute WHERE generation = ? AND part = ? AND bucket < ?";

  private static final String CARRY_OVER =
      """
      INSERT INTO route_minute (generation, bucket, source, route, method, status_class, part,
                                requests, statuses, latency_sum, latency_max, latency_sketch, carried)
      SELECT ?, bucket, source, route, method, status_class, part,
             requests, statuses, latency_sum, latency_max, latency_sketch, TRUE
        FROM route_minute
       WHERE generation = ? AND part = ? AND bucket < ?
      """;

  private static final String READ =
      """
      SELECT part, bucket, source, route, method,
             requests, statuses, latency_sum, latency_max, latency_sketch
        FROM route_minute
       WHERE generation = ? AND bucket IN (%s)
      """;

  /**
   * What is not written yet, as rows of no minute: all of it, if any of it may be about the
   * minutes, since records can only be read in their order. With the rows in one statement, so that
   * both are of the same moment.
   */
  private static final String AND_JOURNAL =
      """

      UNION ALL
      SELECT part, NULL, NULL, NULL, NULL, number, NULL, NULL, NULL, additions
        FROM route_journal
       WHERE generation = ?
         AND (SELECT MIN(first_bucket) FROM route_journal WHERE generation = ?) <= ?
         AND (SELECT MAX(last_bucket) FROM route_journal WHERE generation = ?) >= ?
      """;

  private final JdbcTemplate jdbc;
  private final Generations generations;

  RouteTable(JdbcTemplate jdbc, Generations generations) {
    this.jdbc = jdbc;
    this.generations = generations;
  }

  /** Takes what was read. */
  @FunctionalInterface
  public interface RouteReader {

    /** The requests of a key in a minute; the figures are the reader's to keep. */
    void row(Instant minute, RouteKey key, RouteFigures figures);
  }

  /**
   * Reads minutes of the live generation, partitions and statuses merged: one call of the reader
   * for each minute and key that had requests, minutes ascending.
   *
   * @param from the first minute's beginning
   * @param until the beginning of the minute after the last
   * @param source one source, or null for all
   * @param route one route, or null for all
   * @param method one method, or null for all
   */
  public void read(
      Instant from,
      Instant until,
      @Nullable String source,
      @Nullable String route,
      @Nullable String method,
      RouteReader reader) {
    Filter filter = new Filter(source, route, method);
    int generation = generations.live(RouteProjection.NAME);
    for (long minute = RouteRow.minuteOf(from); isBefore(minute, until); minute += SLICE) {
      long end = minute + 1;
      while (end < minute + SLICE && isBefore(end, until)) {
        end++;
      }
      read(generation, filter, new Slice(minute, end, filter), reader);
    }
  }

  /** Reads every minute of a generation from one on, as {@link #read} does. */
  void readAll(int generation, Instant from, RouteReader reader) {
    Filter filter = new Filter(null, null, null);
    long last = lastMinute(generation);
    for (long minute = RouteRow.minuteOf(from); minute <= last; minute += SLICE) {
      read(generation, filter, new Slice(minute, minute + SLICE, filter), reader);
    }
  }

  /** The last minute that has requests, in a row or in the journal. */
  private long lastMinute(int generation) {
    LocalDateTime last =
        jdbc.queryForObject(LAST_MINUTE, LocalDateTime.class, generation, generation);
    return last == null ? Long.MIN_VALUE : RouteRow.minuteOf(last.toInstant(UTC));
  }

  private static boolean isBefore(long minute, Instant until) {
    return RouteRow.start(minute).isBefore(until);
  }

  private void read(int generation, Filter filter, Slice slice, RouteReader reader) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(generation);
    for (long minute = slice.from; minute < slice.until; minute++) {
      arguments.add(bucket(minute));
    }
    arguments.addAll(filter.arguments());
    arguments.addAll(
        List.of(generation, generation, bucket(slice.until - 1), generation, bucket(slice.from)));
    String minutes = repeated("?", (int) (slice.until - slice.from), ",");
    jdbc.query(
        READ.formatted(minutes) + filter.conditions() + AND_JOURNAL,
        slice::take,
        arguments.toArray());
    slice.handOver(reader);
  }

  /** Whether a partition has rows of a minute. */
  boolean hasRows(int generation, long minute, int part) {
    return !jdbc.queryForList(ANY, Integer.class, generation, bucket(minute), part).isEmpty();
  }

  /** Those of some rows of a partition's minute that there are. */
  Map<RouteRow, RouteFigures> find(int generation, long minute, int part, List<RouteRow> wanted) {
    Map<RouteRow, RouteFigures> found = new HashMap<>();
    ManyRows.inSlices(wanted, slice -> found.putAll(findSlice(generation, minute, part, slice)));
    return found;
  }

  private Map<RouteRow, RouteFigures> findSlice(
      int generation, long minute, int part, List<RouteRow> wanted) {
    List<Object> arguments = new ArrayList<>(List.of(generation, bucket(minute), part));
    wanted.forEach(
        row ->
            arguments.addAll(List.of(row.source(), row.route(), row.method(), row.statusClass())));
    Map<RouteRow, RouteFigures> found = new HashMap<>();
    jdbc.query(
        FIND + OF_PART + " AND (" + repeated(FOUND, wanted.size(), " OR ") + ")",
        row -> {
          found.put(
              new RouteRow(
                  minute,
                  row.getString("source"),
                  row.getString("route"),
                  row.getString("method"),
                  row.getInt("status_class"),
                  part),
              figures(row));
        },
        arguments.toArray());
    return found;
  }

  /** Writes the rows whole, in place of what they held. */
  void save(int generation, Map<RouteRow, RouteFigures> rows) {
    ManyRows.inSlices(
        List.copyOf(rows.entrySet()),
        slice ->
            jdbc.update(
                SAVE + repeated(SAVED, slice.size(), ",") + IN_PLACE,
                ManyRows.values(
                    slice, entry -> values(generation, entry.getKey(), entry.getValue()))));
  }

  private static List<?> values(int generation, RouteRow row, RouteFigures figures) {
    return Arrays.asList(
        generation,
        bucket(row.minute()),
        row.source(),
        row.route(),
        row.method(),
        row.statusClass(),
        row.part(),
        figures.requests(),
        figures.statuses().toText(),
        figures.latencySumMicros(),
        figures.latencyMaxMicros(),
        figures.latency().toBytes());
  }

  /** Drops every generation's minutes before one. */
  void prune(long before) {
    while (jdbc.update(PRUNE, bucket(before)) > 0) {
      // Chunk by chunk: one huge delete would hold every row's lock and undo at once.
    }
  }

  /** Takes over the minutes that may hold logs that were not read. */
  void carryOver(CarryOver lost) {
    Object until = LocalDateTime.ofInstant(lost.until(), UTC);
    jdbc.update(CLEAR_UNTIL, lost.to(), lost.part(), until);
    jdbc.update(CARRY_OVER, lost.to(), lost.from(), lost.part(), until);
  }

  void clear(int generation) {
    while (jdbc.update(CLEAR, generation) > 0) {
      // Chunk by chunk, as above.
    }
  }

  /** Which rows of a minute are read. */
  private record Filter(@Nullable String source, @Nullable String route, @Nullable String method) {

    String conditions() {
      return (source == null ? "" : " AND source = ?")
          + (route == null ? "" : " AND route = ?")
          + (method == null ? "" : " AND method = ?");
    }

    List<Object> arguments() {
      List<Object> arguments = new ArrayList<>();
      for (String value : new @Nullable String[] {source, route, method}) {
        if (value != null) {
          arguments.add(value);
        }
      }
      return arguments;
    }

    boolean matches(RouteRow row) {
      return (source == null || source.equals(row.source()))
          && (route == null || route.equals(row.route()))
          && (method == null || method.equals(row.method()));
    }
  }

  /** Some minutes as they are read, in memory at once. */
  private static final class Slice {

    private final long from;
    private final long until;
    private final Filter filter;
    private final Map<Integer, SortedMap<Integer, byte[]>> recordsByPart = new HashMap<>();
    private final SortedMap<Long, Map<RouteKey, RouteFigures>> byMinute = new TreeMap<>();

    Slice(long from, long until, Filter filter) {
      this.from = from;
      this.until = until;
      this.filter = filter;
    }

    void take(ResultSet row) throws SQLException {
      LocalDateTime bucket = row.getObject("bucket", LocalDateTime.class);
      if (bucket == null) {
        recordsByPart
            .computeIfAbsent(row.getInt("part"), part -> new TreeMap<>())
            .put(row.getInt("requests"), row.getBytes("latency_sketch"));
      } else {
        figures(
                RouteRow.minuteOf(bucket.toInstant(UTC)),
                new RouteKey(
                    row.getString("source"), row.getString("route"), row.getString("method")))
            .merge(
                row.getLong("requests"),
                StatusCounts.fromText(row.getString("statuses")),
                row.getLong("latency_sum"),
                row.getLong("latency_max"),
                row.getBytes("latency_sketch"));
      }
    }

    void handOver(RouteReader reader) {
      recordsByPart.forEach(this::readJournal);
      byMinute.forEach(
          (minute, byKey) ->
              byKey.forEach((key, figures) -> reader.row(RouteRow.start(minute), key, figures)));
    }

    private void readJournal(int part, SortedMap<Integer, byte[]> records) {
      JournalRecord.Reader journal = new JournalRecord.Reader(part, this::added);
      records.values().forEach(journal::read);
    }

    private @Nullable RouteFigures added(RouteRow row) {
      return row.minute() >= from && row.minute() < until && filter.matches(row)
          ? figures(row.minute(), new RouteKey(row.source(), row.route(), row.method()))
          : null;
    }

    private RouteFigures figures(long minute, RouteKey key) {
      return byMinute
          .computeIfAbsent(minute, each -> new HashMap<>())
          .computeIfAbsent(key, each -> new RouteFigures());
    }
  }

  private static RouteFigures figures(ResultSet row) throws SQLException {
    return new RouteFigures(
        row.getLong("requests"),
        StatusCounts.fromText(row.getString("statuses")),
        row.getLong("latency_sum"),
        row.getLong("latency_max"),
        LatencySketch.fromBytes(row.getBytes("latency_sketch")));
  }

  static LocalDateTime bucket(long minute) {
    return LocalDateTime.ofInstant(RouteRow.start(minute), UTC);
  }
}
