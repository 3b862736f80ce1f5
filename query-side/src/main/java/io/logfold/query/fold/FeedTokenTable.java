package io.logfold.query.fold;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Axon's tokens of processors that are no more. */
@Component
class FeedTokenTable {

  private static final String FINISHED =
      """
      SELECT DISTINCT processor_name
        FROM token_entry t
       WHERE processor_name LIKE 'feed-%'
         AND NOT EXISTS (SELECT 1 FROM feed_position f
                          WHERE CONCAT('feed-', f.fold, '-', f.generation) = t.processor_name)
      """;

  private final JdbcTemplate jdbc;

  FeedTokenTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Those of feeders that have nothing more to feed, whichever process they were of. */
  void removeFinished() {
    jdbc.queryForList(FINISHED, String.class).forEach(this::remove);
  }

  void remove(String processor) {
    jdbc.update("DELETE FROM token_entry WHERE processor_name = ?", processor);
  }
}
