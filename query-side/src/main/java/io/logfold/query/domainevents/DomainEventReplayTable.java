package io.logfold.query.domainevents;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Whether the domain events are being read again, by whichever process, as Axon's token says. */
@Component
public class DomainEventReplayTable {

  private static final String TOKENS =
      "SELECT token, token_type FROM token_entry WHERE processor_name = ? AND token IS NOT NULL";

  private static final String REMOVE = "DELETE FROM token_entry WHERE processor_name = ?";

  private final JdbcTemplate jdbc;
  private final Serializer serializer;

  /**
   * Reads Axon's tokens.
   *
   * @param serializer the one that writes them
   */
  DomainEventReplayTable(JdbcTemplate jdbc, Serializer serializer) {
    this.jdbc = jdbc;
    this.serializer = serializer;
  }

  /** Until all that was read before is read again, rows of domain events may be missing or old. */
  public boolean isUnderWay() {
    return tokens(DomainEventProjection.PROCESSOR).stream()
        .anyMatch(DomainEventReplayTable::isBehindItsReset);
  }

  /**
   * Whether a processor of one segment has read as much as the one that feeds what answers, as far
   * as both have committed.
   */
  boolean isLevel(String processor) {
    return tokens(DomainEventProjection.PROCESSOR).stream()
        .map(WrappedToken::unwrapLowerBound)
        .allMatch(main -> tokens(processor).stream().anyMatch(own -> own.covers(main)));
  }

  /** Forgets the tokens of a processor that is no more. */
  void remove(String processor) {
    jdbc.update(REMOVE, processor);
  }

  private List<TrackingToken> tokens(String processor) {
    return jdbc.query(TOKENS, (row, number) -> token(row), processor);
  }

  /** Axon keeps a replay's token until an event comes that is new. */
  private static boolean isBehindItsReset(TrackingToken token) {
    if (!(token instanceof ReplayToken replay)) {
      return false;
    }
    TrackingToken reset = replay.getTokenAtReset();
    TrackingToken current = replay.getCurrentToken();
    return reset != null && (current == null || !current.covers(reset));
  }

  private TrackingToken token(ResultSet row) throws SQLException {
    return serializer.deserialize(
        new SimpleSerializedObject<>(
            row.getBytes("token"), byte[].class, row.getString("token_type"), null));
  }
}
