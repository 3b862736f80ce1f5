package io.logfold.query.fold;

import java.lang.management.ManagementFactory;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.jpa.JpaTokenStore;
import org.axonframework.eventhandling.tokenstore.jpa.TokenEntry;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Axon's own store for processes that begin together on an empty database. The loser's attempt to
 * make the segments fails, which Axon takes for what it is; but it must fail in a transaction of
 * its own, or Axon's is spoilt with it and the process ends.
 *
 * <p>A token moves in every transaction of the fold. Hibernate plans the update anew each time,
 * which took a tenth of folding; so it is sent as it is.
 */
final class SharedTokenStore extends JpaTokenStore {

  private static final String MOVE =
      """
      UPDATE token_entry
         SET token = ?, token_type = ?, timestamp = ?
       WHERE processor_name = ? AND segment = ? AND owner = ?
      """;

  /** Who holds segments, as Axon names a process. */
  private static final String NODE = ManagementFactory.getRuntimeMXBean().getName();

  private final TransactionTemplate own;
  private final JdbcTemplate jdbc;

  SharedTokenStore(Builder builder, PlatformTransactionManager transactions, JdbcTemplate jdbc) {
    super(builder.nodeId(NODE));
    this.own = new TransactionTemplate(transactions);
    own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    this.jdbc = jdbc;
  }

  @Override
  public void initializeTokenSegments(
      String processorName, int segmentCount, @Nullable TrackingToken initialToken) {
    own.executeWithoutResult(
        status -> super.initializeTokenSegments(processorName, segmentCount, initialToken));
  }

  /** Moves the token of a segment that this process holds; what else may be so is Axon's to say. */
  @Override
  public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
    if (token == null || !moved(new TokenEntry(processorName, segment, token, serializer()))) {
      super.storeToken(token, processorName, segment);
    }
  }

  private boolean moved(TokenEntry entry) {
    return jdbc.update(
            MOVE,
            entry.getSerializedToken().getData(),
            entry.getTokenType().getName(),
            entry.timestampAsString(),
            entry.getProcessorName(),
            entry.getSegment(),
            NODE)
        > 0;
  }
}
