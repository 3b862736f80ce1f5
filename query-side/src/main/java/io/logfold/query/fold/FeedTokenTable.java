package io.logfold.query.fold;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Axon's tokens of processors that are no more. */
@Component
class FeedTokenTable {

  private final JdbcTemplate jdbc;

  FeedTokenTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  void remove(String processor) {
    jdbc.update("DELETE FROM token_entry WHERE processor_name = ?", processor);
  }
}
