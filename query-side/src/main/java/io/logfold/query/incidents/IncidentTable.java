package io.logfold.query.incidents;

import static java.time.ZoneOffset.UTC;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.Scope;
import io.logfold.api.incidents.FindIncidents;
import io.logfold.api.incidents.IncidentHistory.Entry;
import io.logfold.api.incidents.IncidentHistory.What;
import io.logfold.api.incidents.IncidentReport;
import io.logfold.api.incidents.IncidentReport.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of {@code incident} and, a line of a timeline each, {@code incident_entry}. UTC. */
@Component
class IncidentTable {

  private static final String SAVE =
      """
      INSERT INTO incident (generation, incident_id, rule_id, rule_name, source, route, method,
                            measure, state, since, over_since, opens_at, worst, acknowledged_by,
                            last_sequence)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON DUPLICATE KEY UPDATE
        state = VALUES(state), over_since = VALUES(over_since), worst = VALUES(worst),
        acknowledged_by = VALUES(acknowledged_by), last_sequence = VALUES(last_sequence)
      """;

  private static final String COLUMNS =
      """
      SELECT incident_id, rule_id, rule_name, source, route, method, measure, state, since,
             over_since, opens_at, worst, acknowledged_by, last_sequence
        FROM incident
      """;

  private static final String ONE = COLUMNS + " WHERE generation = ? AND incident_id = ?";

  private static final String NEWEST_FIRST = " ORDER BY since DESC, incident_id DESC LIMIT ?";

  private static final String ADD =
      """
      INSERT INTO incident_entry (generation, incident_id, sequence, noticed_at, what,
                                  about_minute, measured, who, note)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String TIMELINE =
      """
      SELECT sequence, noticed_at, what, about_minute, measured, who, note
        FROM incident_entry
       WHERE generation = ? AND incident_id = ?
       ORDER BY sequence
      """;

  private final JdbcTemplate jdbc;

  IncidentTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * An incident and how much of it is taken in.
   *
   * @param lastSequence the number of the last event taken in
   */
  record Row(IncidentReport incident, long lastSequence) {}

  @Nullable Row find(int generation, String incidentId) {
    List<Row> found = jdbc.query(ONE, (row, number) -> row(row), generation, incidentId);
    return found.isEmpty() ? null : found.get(0);
  }

  List<IncidentReport> find(int generation, FindIncidents query) {
    Filter filter = Filter.of(generation, query);
    List<Object> arguments = new ArrayList<>(filter.arguments());
    arguments.add(query.limit());
    return jdbc.query(
        COLUMNS + filter.where() + NEWEST_FIRST,
        (row, number) -> row(row).incident(),
        arguments.toArray());
  }

  long count(int generation, FindIncidents query) {
    Filter filter = Filter.of(generation, query);
    Long count =
        jdbc.queryForObject(
            "SELECT COUNT(*) FROM incident" + filter.where(),
            Long.class,
            filter.arguments().toArray());
    return count == null ? 0 : count;
  }

  /** Oldest first. */
  List<Entry> timeline(int generation, String incidentId) {
    return jdbc.query(TIMELINE, (row, number) -> entry(row), generation, incidentId);
  }

  /** Writes the row, or of a row that there is what may change. */
  void save(int generation, Row row) {
    IncidentReport incident = row.incident();
    jdbc.update(
        SAVE,
        generation,
        incident.incidentId(),
        incident.ruleId(),
        incident.ruleName(),
        incident.scope().source(),
        incident.scope().route(),
        incident.scope().method(),
        incident.measure().name(),
        incident.state().name(),
        utc(incident.since()),
        utc(incident.until()),
        incident.opensAt(),
        incident.worst(),
        incident.acknowledgedBy(),
        row.lastSequence());
  }

  void add(int generation, String incidentId, Entry entry) {
    jdbc.update(
        ADD,
        generation,
        incidentId,
        entry.sequence(),
        utc(entry.at()),
        entry.what().name(),
        utc(entry.minute()),
        entry.value(),
        entry.who(),
        entry.text());
  }

  void clear(int generation) {
    for (String table : List.of("incident", "incident_entry")) {
      while (jdbc.update("DELETE FROM " + table + " WHERE generation = ? LIMIT 10000", generation)
          > 0) {
        // Chunk by chunk: one huge delete would hold every row's lock and undo at once.
      }
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    IncidentReport incident =
        new IncidentReport(
            row.getString("incident_id"),
            row.getString("rule_id"),
            row.getString("rule_name"),
            new Scope(row.getString("source"), row.getString("route"), row.getString("method")),
            Measure.valueOf(row.getString("measure")),
            State.valueOf(row.getString("state")),
            row.getObject("since", LocalDateTime.class).toInstant(UTC),
            time(row, "over_since"),
            row.getDouble("opens_at"),
            row.getDouble("worst"),
            row.getString("acknowledged_by"));
    return new Row(incident, row.getLong("last_sequence"));
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getLong("sequence"),
        row.getObject("noticed_at", LocalDateTime.class).toInstant(UTC),
        What.valueOf(row.getString("what")),
        time(row, "about_minute"),
        row.getObject("measured", Double.class),
        row.getString("who"),
        row.getString("note"));
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    LocalDateTime time = row.getObject(column, LocalDateTime.class);
    return time == null ? null : time.toInstant(UTC);
  }

  private static @Nullable LocalDateTime utc(@Nullable Instant time) {
    return time == null ? null : LocalDateTime.ofInstant(time, UTC);
  }

  /** The conditions of a query and their values. */
  private record Filter(String where, List<Object> arguments) {

    static Filter of(int generation, FindIncidents query) {
      StringBuilder where = new StringBuilder(" WHERE generation = ?");
      List<Object> arguments = new ArrayList<>(List.of(generation));
      add(where, arguments, "state = ?", query.state() == null ? null : query.state().name());
      add(where, arguments, "(over_since IS NULL OR over_since >= ?)", utc(query.from()));
      add(where, arguments, "since <= ?", utc(query.to()));
      return new Filter(where.toString(), arguments);
    }

    private static void add(
        StringBuilder where, List<Object> arguments, String condition, @Nullable Object argument) {
      if (argument != null) {
        where.append(" AND ").append(condition);
        arguments.add(argument);
      }
    }
  }
}
