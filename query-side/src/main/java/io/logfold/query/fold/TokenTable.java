package io.logfold.query.fold;

import org.axonframework.eventhandling.tokenstore.jpa.TokenEntry;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of Axon's {@code token_entry}, where its own store does not do. */
@Component
class TokenTable {

  private static final String MOVE =
      """
      UPDATE token_entry
         SET token = ?, token_type = ?, timestamp = ?
       WHERE processor_name = ? AND segment = ? AND owner = ?
      """;

  private static final String REMOVE = "DELETE FROM token_entry WHERE processor_name = ?";

  private static final String FINISHED =
      """
      SELECT DISTINCT processor_name
        FROM token_entry t
       WHERE processor_name LIKE 'feed-%'
         AND NOT EXISTS (SELECT 1 FROM feed_position f
                          WHERE CONCAT('feed-', f.fold, '-', f.generation) = t.processor_name)
      """;

  private final JdbcTemplate jdbc;

  TokenTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Moves the token of a segment.
   *
   * @param owner who must hold it
   * @return false if somebody else does, or there is none
   */
  boolean move(TokenEntry entry, String owner) {
    return jdbc.update(
            MOVE,
            entry.getSerializedToken().getData(),
            entry.getTokenType().getName(),
            entry.timestampAsString(),
            entry.getProcessorName(),
            entry.getSegment(),
            owner)
        > 0;
  }

  /** Forgets those of feeders that have nothing more to feed, whichever process they were of. */
  void removeFinished() {
    jdbc.queryForList(FINISHED, String.class).forEach(this::remove);
  }

  /** Forgets the tokens of a processor that is no more. */
  void remove(String processor) {
    jdbc.update(REMOVE, processor);
  }
}
