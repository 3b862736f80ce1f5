package io.logfold.command.incidents;

import io.logfold.api.alerts.ThresholdEvent;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.stereotype.Component;

/**
 * Takes findings from Kafka into the event store, each once: a finding that is not newer than the
 * last one about its alarm was handled before. The event, the mark and the position on the topic
 * are stored in one transaction.
 */
@Component
@ProcessingGroup(ThresholdInbox.PROCESSOR)
class ThresholdInbox {

  /** The processing group, and so the name its position is kept under. */
  static final String PROCESSOR = "thresholds";

  private final EntityManager database;
  private final EventStore events;

  ThresholdInbox(EntityManager database, EventStore events) {
    this.database = database;
    this.events = events;
  }

  @EventHandler
  void on(ThresholdEvent event, EventMessage<ThresholdEvent> message) {
    if (isNews(event)) {
      events.publish(message);
    }
  }

  private boolean isNews(ThresholdEvent event) {
    String alarm = AlarmHash.of(event);
    HandledMinute handled =
        database.find(HandledMinute.class, alarm, LockModeType.PESSIMISTIC_WRITE);
    if (handled == null) {
      database.persist(new HandledMinute(alarm, event.minute()));
      return true;
    }
    if (handled.covers(event.minute())) {
      return false;
    }
    handled.moveTo(event.minute());
    return true;
  }
}
