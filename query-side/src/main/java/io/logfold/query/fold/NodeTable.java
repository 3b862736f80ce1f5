package io.logfold.query.fold;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of {@code fold_node}: which processes fold, by the database's own clock. */
@Component
class NodeTable {

  private static final String SEEN =
      """
      INSERT INTO fold_node (node, seen, feeds) VALUES (?, CURRENT_TIMESTAMP(3), ?)
      ON DUPLICATE KEY UPDATE seen = VALUES(seen), feeds = VALUES(feeds)
      """;

  private static final String THERE =
      "SELECT feeds FROM fold_node WHERE seen > CURRENT_TIMESTAMP(3) - INTERVAL '6' SECOND";

  private static final String PRUNE =
      "DELETE FROM fold_node WHERE seen < CURRENT_TIMESTAMP(3) - INTERVAL '1' HOUR";

  private final JdbcTemplate jdbc;

  NodeTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Says that a process is there, and forgets those that are long gone.
   *
   * @param feeds which projections in which version it can feed
   */
  void seen(String node, String feeds) {
    jdbc.update(SEEN, node, feeds);
    jdbc.update(PRUNE);
  }

  /** What each process can feed that was there within the last 6 seconds. */
  List<String> there() {
    return jdbc.queryForList(THERE, String.class);
  }

  /** Says that a process leaves. */
  void left(String node) {
    jdbc.update("DELETE FROM fold_node WHERE node = ?", node);
  }
}
