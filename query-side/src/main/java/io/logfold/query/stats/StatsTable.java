package io.logfold.query.stats;

import static java.time.ZoneOffset.UTC;

import io.logfold.query.fold.CarryOver;
import io.logfold.query.rollup.LatencySketch;
import io.logfold.query.rollup.StatusCounts;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of {@code stats_minute} and {@code stats_hour}, which are alike. Times are UTC. */
@Component
class StatsTable {

  private static final String SAVE =
      """
      INSERT INTO %s (generation, bucket, source, part, requests, statuses,
                      latency_sum, latency_max, latency_sketch, ip_sketch)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON DUPLICATE KEY UPDATE
        requests = VALUES(requests), statuses = VALUES(statuses),
        latency_sum = VALUES(latency_sum), latency_max = VALUES(latency_max),
        latency_sketch = VALUES(latency_sketch), ip_sketch = VALUES(ip_sketch)
      """;

  /** Where no address is new, which holds for most transactions: the sketch of them is 8 KB. */
  private static final String SAVE_ALL_BUT_IPS =
      """
      UPDATE %s
         SET requests = ?, statuses = ?, latency_sum = ?, latency_max = ?, latency_sketch = ?
       WHERE generation = ? AND bucket = ? AND source = ? AND part = ?
      """;

  private static final String COLUMNS =
      """
      SELECT requests, statuses, latency_sum, latency_max, latency_sketch, ip_sketch
        FROM %s
      """;

  private static final String ONE =
      COLUMNS + " WHERE generation = ? AND bucket = ? AND source = ? AND part = ?";

  private static final String SPAN =
      COLUMNS + " WHERE generation = ? AND bucket >= ? AND bucket < ?";

  private static final String AND_SOURCE = " AND source = ?";

  private static final String CLEAR_UNTIL =
      "DELETE FROM %s WHERE generation = ? AND part = ? AND bucket < ?";

  private static final String CARRY_OVER =
      """
      INSERT INTO %1$s (generation, bucket, source, part, requests, statuses,
                        latency_sum, latency_max, latency_sketch, ip_sketch, carried)
      SELECT ?, bucket, source, part, requests, statuses,
             latency_sum, latency_max, latency_sketch, ip_sketch, TRUE
        FROM %1$s
       WHERE generation = ? AND part = ? AND bucket < ?
      """;

  private static final String PRUNE = "DELETE FROM stats_minute WHERE bucket < ? LIMIT 10000";

  private static final String CLEAR = "DELETE FROM %s WHERE generation = ? LIMIT 10000";

  private final JdbcTemplate jdbc;

  StatsTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** The row of a bucket, or null if it has none. */
  @Nullable Rollup find(int generation, Bucket bucket) {
    List<Rollup> found =
        jdbc.query(
            ONE.formatted(bucket.granularity().table()),
            (row, number) -> rollup(row),
            generation,
            utc(bucket.start()),
            bucket.source(),
            bucket.part());
    return found.isEmpty() ? null : found.get(0);
  }

  /** Writes the rows in place of what they held. */
  void save(int generation, Map<Bucket, Rollup> rollups) {
    for (Granularity granularity : Granularity.values()) {
      List<Map.Entry<Bucket, Rollup>> whole = new ArrayList<>();
      List<Map.Entry<Bucket, Rollup>> allButIps = new ArrayList<>();
      for (Map.Entry<Bucket, Rollup> row : rollups.entrySet()) {
        if (row.getKey().granularity() == granularity) {
          (row.getValue().ips().isStored() ? allButIps : whole).add(row);
        }
      }
      whole.addAll(saveAllButIps(generation, granularity, allButIps));
      saveWhole(generation, granularity, whole);
    }
  }

  private void saveWhole(
      int generation, Granularity granularity, List<Map.Entry<Bucket, Rollup>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    jdbc.batchUpdate(
        SAVE.formatted(granularity.table()),
        rows,
        rows.size(),
        (statement, row) -> bind(statement, generation, row.getKey(), row.getValue()));
    rows.forEach(row -> row.getValue().ips().markStored());
  }

  /** Returns what there is no row of any more. */
  private List<Map.Entry<Bucket, Rollup>> saveAllButIps(
      int generation, Granularity granularity, List<Map.Entry<Bucket, Rollup>> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    int[][] updated =
        jdbc.batchUpdate(
            SAVE_ALL_BUT_IPS.formatted(granularity.table()),
            rows,
            rows.size(),
            (statement, row) -> bindAllButIps(statement, generation, row.getKey(), row.getValue()));
    List<Map.Entry<Bucket, Rollup>> gone = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      if (updated[0][row] == 0) {
        gone.add(rows.get(row));
      }
    }
    return gone;
  }

  /**
   * Merges the buckets that begin in a span of time into a total.
   *
   * @param until exclusive
   * @param source one source, or null for all
   */
  void addTo(
      Rollup total,
      int generation,
      Granularity granularity,
      Instant from,
      Instant until,
      @Nullable String source) {
    if (!from.isBefore(until)) {
      return;
    }
    String sql = SPAN.formatted(granularity.table());
    List<Object> arguments = new ArrayList<>(List.of(generation, utc(from), utc(until)));
    if (source != null) {
      sql += AND_SOURCE;
      arguments.add(source);
    }
    jdbc.query(
        sql,
        row -> {
          total.merge(rollup(row));
        },
        arguments.toArray());
  }

  /** Takes over the buckets that may hold logs that were not read. */
  void carryOver(CarryOver lost) {
    for (Granularity granularity : Granularity.values()) {
      Object until = utc(lost.until());
      jdbc.update(CLEAR_UNTIL.formatted(granularity.table()), lost.to(), lost.part(), until);
      jdbc.update(
          CARRY_OVER.formatted(granularity.table()), lost.to(), lost.from(), lost.part(), until);
    }
  }

  /** Drops the minutes that began before a time, of every generation. */
  void pruneMinutes(Instant before) {
    deleteAll(PRUNE, utc(before));
  }

  void clear(int generation) {
    for (Granularity granularity : Granularity.values()) {
      deleteAll(CLEAR.formatted(granularity.table()), generation);
    }
  }

  private void deleteAll(String limited, Object argument) {
    while (jdbc.update(limited, argument) > 0) {
      // Chunk by chunk: one huge delete would hold every row's lock and undo at once.
    }
  }

  private static void bind(
      PreparedStatement statement, int generation, Bucket bucket, Rollup rollup)
      throws SQLException {
    statement.setInt(1, generation);
    statement.setObject(2, utc(bucket.start()));
    statement.setString(3, bucket.source());
    statement.setInt(4, bucket.part());
    statement.setLong(5, rollup.requests());
    statement.setString(6, rollup.byStatus().toText());
    statement.setLong(7, rollup.latencySumMicros());
    statement.setLong(8, rollup.latencyMaxMicros());
    statement.setBytes(9, rollup.latency().toBytes());
    statement.setBytes(10, rollup.ips().toBytes());
  }

  private static void bindAllButIps(
      PreparedStatement statement, int generation, Bucket bucket, Rollup rollup)
      throws SQLException {
    statement.setLong(1, rollup.requests());
    statement.setString(2, rollup.byStatus().toText());
    statement.setLong(3, rollup.latencySumMicros());
    statement.setLong(4, rollup.latencyMaxMicros());
    statement.setBytes(5, rollup.latency().toBytes());
    statement.setInt(6, generation);
    statement.setObject(7, utc(bucket.start()));
    statement.setString(8, bucket.source());
    statement.setInt(9, bucket.part());
  }

  private static Rollup rollup(ResultSet row) throws SQLException {
    return new Rollup(
        row.getLong("requests"),
        StatusCounts.fromText(row.getString("statuses")),
        row.getLong("latency_sum"),
        row.getLong("latency_max"),
        LatencySketch.fromBytes(row.getBytes("latency_sketch")),
        DistinctIps.fromBytes(row.getBytes("ip_sketch")));
  }

  private static LocalDateTime utc(Instant time) {
    return LocalDateTime.ofInstant(time, UTC);
  }
}
