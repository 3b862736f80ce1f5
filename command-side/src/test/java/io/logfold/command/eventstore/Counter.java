package io.logfold.command.eventstore;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** An aggregate for tests, until the application has one of its own. */
@Aggregate
class Counter {

  record Start(@TargetAggregateIdentifier String id) {}

  record Count(@TargetAggregateIdentifier String id, boolean fail) {}

  record AskForTransaction(@TargetAggregateIdentifier String id) {}

  record Started(String id) {}

  record Counted(String id) {}

  @AggregateIdentifier private @Nullable String id;
  private int count;

  Counter() {}

  @CommandHandler
  Counter(Start command) {
    apply(new Started(command.id()));
  }

  @CommandHandler
  int handle(Count command) {
    apply(new Counted(command.id()));
    if (command.fail()) {
      throw new IllegalStateException("as asked");
    }
    return count;
  }

  @CommandHandler
  boolean handle(AskForTransaction command) {
    return TransactionSynchronizationManager.isActualTransactionActive();
  }

  @EventSourcingHandler
  void on(Started event) {
    id = event.id();
  }

  @EventSourcingHandler
  void on(Counted event) {
    if (event.id().equals(id)) {
      count++;
    }
  }
}
