package io.logfold.query.fold;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of {@code fold_node}: which processes fold, by the database's own clock. */
@Component
class NodeTable {

  private static final String SEEN =
      """
      INSERT INTO fold_node (node, seen) VALUES (?, CURRENT_TIMESTAMP(3))
      ON DUPLICATE KEY UPDATE seen = VALUES(seen)
      """;

  private static final String COUNT =
      "SELECT COUNT(*) FROM fold_node WHERE seen > CURRENT_TIMESTAMP(3) - INTERVAL '6' SECOND";

  private static final String PRUNE =
      "DELETE FROM fold_node WHERE seen < CURRENT_TIMESTAMP(3) - INTERVAL '1' HOUR";

  private final JdbcTemplate jdbc;

  NodeTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Says that a process is there, and forgets those that are long gone. */
  void seen(String node) {
    jdbc.update(SEEN, node);
    jdbc.update(PRUNE);
  }

  /** How many processes were there within the last 6 seconds. */
  int count() {
    Integer count = jdbc.queryForObject(COUNT, Integer.class);
    return count == null ? 0 : count;
  }

  /** Says that a process leaves. */
  void left(String node) {
    jdbc.update("DELETE FROM fold_node WHERE node = ?", node);
  }
}
