package io.logfold.command.eventstore;

import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.jpa.JpaTokenStore;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Axon's own store for processes that begin together on an empty database. The loser's attempt to
 * make the segments fails, which Axon takes for what it is; but it must fail in a transaction of
 * its own, or Axon's is spoilt with it and the process ends.
 */
final class SharedTokenStore extends JpaTokenStore {

  private final TransactionTemplate own;

  SharedTokenStore(Builder builder, PlatformTransactionManager transactions) {
    super(builder);
    this.own = new TransactionTemplate(transactions);
    own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
  }

  @Override
  public void initializeTokenSegments(
      String processorName, int segmentCount, @Nullable TrackingToken initialToken) {
    own.executeWithoutResult(
        status -> super.initializeTokenSegments(processorName, segmentCount, initialToken));
  }
}
