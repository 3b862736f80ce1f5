package io.logfold.query.judging;

import static java.time.ZoneOffset.UTC;

import io.logfold.api.alerts.Scope;
import io.logfold.query.judging.Watch.KnownState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The rows of {@code judging}, {@code judging_state} and {@code judging_finding}: how far minutes
 * are judged, what is open, and what is still to be told. Times are UTC.
 */
@Component
class JudgingTable {

  private static final String UNTIL = "SELECT judged_until FROM judging WHERE id = 1";

  /** A lock that another process holds is not waited for. */
  private static final String LOCK = UNTIL + " FOR UPDATE SKIP LOCKED";

  private static final String MOVE = "UPDATE judging SET judged_until = ? WHERE id = 1";

  private static final String STATES =
      """
      SELECT rule_id, source, route, method, measure, rule_digest, is_open, in_a_row, worst
        FROM judging_state
      """;

  private static final String SAVE_STATE =
      """
      INSERT INTO judging_state (rule_id, scope_digest, source, route, method, measure,
                                 rule_digest, is_open, in_a_row, worst)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON DUPLICATE KEY UPDATE
        measure = VALUES(measure), rule_digest = VALUES(rule_digest), is_open = VALUES(is_open),
        in_a_row = VALUES(in_a_row), worst = VALUES(worst)
      """;

  private static final String DROP_STATE =
      "DELETE FROM judging_state WHERE rule_id = ? AND scope_digest = ?";

  private static final String DROP_RULE = "DELETE FROM judging_state WHERE rule_id = ?";

  private static final String DROP_CLOSED = "DELETE FROM judging_state WHERE is_open = FALSE";

  private static final String BREAK_ROWS = "UPDATE judging_state SET in_a_row = 0";

  private static final String ADD_FINDING =
      "INSERT INTO judging_finding (payload_type, revision, payload) VALUES (?, ?, ?)";

  private static final String FINDINGS =
      """
      SELECT number, payload_type, revision, payload
        FROM judging_finding
       ORDER BY number
       LIMIT ?
      """;

  private static final String DROP_FINDINGS = "DELETE FROM judging_finding WHERE number <= ?";

  private final JdbcTemplate jdbc;

  JudgingTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * How far minutes are judged.
   *
   * @param next the first minute that is not, or null if none ever was
   */
  record Judged(@Nullable Instant next) {}

  /** A finding that is not told yet, and its number in the order of finding. */
  record Untold(long number, SerializedObject<byte[]> event) {}

  Judged judged() {
    return jdbc.query(UNTIL, (row, number) -> judged(row)).get(0);
  }

  /**
   * As {@link #judged}, and nobody else judges until the transaction ends; or empty if one does.
   */
  Optional<Judged> lock() {
    return jdbc.query(LOCK, (row, number) -> judged(row)).stream().findFirst();
  }

  void judgedUntil(Instant next) {
    jdbc.update(MOVE, LocalDateTime.ofInstant(next, UTC));
  }

  List<KnownState> states() {
    return jdbc.query(STATES, (row, number) -> state(row));
  }

  /** Writes states whole; a calm one has no row. */
  void save(Collection<KnownState> states) {
    List<KnownState> calm = states.stream().filter(each -> each.state().isCalm()).toList();
    List<KnownState> others = states.stream().filter(each -> !each.state().isCalm()).toList();
    jdbc.batchUpdate(DROP_STATE, calm, Math.max(1, calm.size()), JudgingTable::bindKey);
    jdbc.batchUpdate(SAVE_STATE, others, Math.max(1, others.size()), JudgingTable::bind);
  }

  /** Minutes are left out, so that none is in a row with what comes. */
  void breakRows() {
    jdbc.update(DROP_CLOSED);
    jdbc.update(BREAK_ROWS);
  }

  /** Forgets all states of rules. */
  void drop(Collection<String> ruleIds) {
    ruleIds.forEach(ruleId -> jdbc.update(DROP_RULE, ruleId));
  }

  void add(List<SerializedObject<byte[]>> findings) {
    jdbc.batchUpdate(
        ADD_FINDING,
        findings,
        Math.max(1, findings.size()),
        (statement, finding) -> {
          statement.setString(1, finding.getType().getName());
          statement.setString(2, finding.getType().getRevision());
          statement.setBytes(3, finding.getData());
        });
  }

  /** The findings that were found first and are not told yet. */
  List<Untold> untold(int limit) {
    return jdbc.query(FINDINGS, (row, number) -> untold(row), limit);
  }

  /** Forgets findings that are told, up to a number. */
  void told(long lastNumber) {
    jdbc.update(DROP_FINDINGS, lastNumber);
  }

  private static Judged judged(ResultSet row) throws SQLException {
    LocalDateTime next = row.getObject(1, LocalDateTime.class);
    return new Judged(next == null ? null : next.toInstant(UTC));
  }

  private static KnownState state(ResultSet row) throws SQLException {
    return new KnownState(
        row.getString("rule_id"),
        new RuleMark(row.getString("measure"), row.getString("rule_digest")),
        new Scope(row.getString("source"), row.getString("route"), row.getString("method")),
        new ScopeState(row.getBoolean("is_open"), row.getInt("in_a_row"), row.getDouble("worst")));
  }

  private static Untold untold(ResultSet row) throws SQLException {
    return new Untold(
        row.getLong("number"),
        new SimpleSerializedObject<>(
            row.getBytes("payload"),
            byte[].class,
            row.getString("payload_type"),
            row.getString("revision")));
  }

  private static void bindKey(PreparedStatement statement, KnownState known) throws SQLException {
    statement.setString(1, known.ruleId());
    statement.setString(2, RuleMark.sha256(known.scope().key()));
  }

  private static void bind(PreparedStatement statement, KnownState known) throws SQLException {
    bindKey(statement, known);
    statement.setString(3, known.scope().source());
    statement.setString(4, known.scope().route());
    statement.setString(5, known.scope().method());
    statement.setString(6, known.mark().measure());
    statement.setString(7, known.mark().digest());
    statement.setBoolean(8, known.state().open());
    statement.setInt(9, known.state().inARow());
    statement.setDouble(10, known.state().worst());
  }
}
