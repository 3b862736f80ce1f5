package io.logfold.query.alertrules;

import static java.time.ZoneOffset.UTC;

import io.logfold.api.alerts.AlertRuleReport;
import io.logfold.api.alerts.AlertRuleReport.State;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.query.fold.Generations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The rows of {@code alert_rule}: a rule each, its definition as JSON. Times are UTC. */
@Component
public class AlertRuleTable {

  private static final String SAVE =
      """
      INSERT INTO alert_rule (generation, rule_id, state, since, changed_at, definition,
                              last_sequence)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON DUPLICATE KEY UPDATE
        state = VALUES(state), since = VALUES(since), changed_at = VALUES(changed_at),
        definition = VALUES(definition), last_sequence = VALUES(last_sequence)
      """;

  private static final String ALL =
      """
      SELECT rule_id, state, since, changed_at, definition, last_sequence
        FROM alert_rule
       WHERE generation = ?
      """;

  private static final String ONE = ALL + " AND rule_id = ?";

  private static final String BY_ID = " ORDER BY rule_id";

  private final JdbcTemplate jdbc;
  private final JsonMapper json;
  private final Generations generations;

  AlertRuleTable(JdbcTemplate jdbc, JsonMapper json, Generations generations) {
    this.jdbc = jdbc;
    this.json = json;
    this.generations = generations;
  }

  /**
   * A rule and how much of it is taken in.
   *
   * @param lastSequence the number of the last event taken in
   */
  record Row(AlertRuleReport rule, long lastSequence) {}

  /** The rules that are judged now, by id. While the table is filled anew some may be missing. */
  public List<ActiveRule> active() {
    return jdbc.query(
        ALL + " AND state = ?" + BY_ID,
        (row, number) -> new ActiveRule(row.getString("rule_id"), definition(row)),
        generations.live(AlertRuleProjection.NAME),
        State.ACTIVE.name());
  }

  /**
   * All rules, by id.
   *
   * @param retired whether the retired ones too
   */
  List<AlertRuleReport> find(int generation, boolean retired) {
    return jdbc.query(
        ALL + (retired ? "" : " AND state <> 'RETIRED'") + BY_ID,
        (row, number) -> row(row).rule(),
        generation);
  }

  @Nullable Row find(int generation, String ruleId) {
    List<Row> found = jdbc.query(ONE, (row, number) -> row(row), generation, ruleId);
    return found.isEmpty() ? null : found.get(0);
  }

  /** Writes the row whole, in place of what it held. */
  void save(int generation, Row row) {
    jdbc.update(
        SAVE,
        generation,
        row.rule().ruleId(),
        row.rule().state().name(),
        utc(row.rule().since()),
        utc(row.rule().changedAt()),
        json.writeValueAsString(row.rule().rule()),
        row.lastSequence());
  }

  void clear(int generation) {
    jdbc.update("DELETE FROM alert_rule WHERE generation = ?", generation);
  }

  private Row row(ResultSet row) throws SQLException {
    AlertRuleReport rule =
        new AlertRuleReport(
            row.getString("rule_id"),
            definition(row),
            State.valueOf(row.getString("state")),
            time(row, "since"),
            time(row, "changed_at"));
    return new Row(rule, row.getLong("last_sequence"));
  }

  private RuleDefinition definition(ResultSet row) throws SQLException {
    return json.readValue(row.getString("definition"), RuleDefinition.class);
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, LocalDateTime.class).toInstant(UTC);
  }

  private static LocalDateTime utc(Instant time) {
    return LocalDateTime.ofInstant(time, UTC);
  }
}
