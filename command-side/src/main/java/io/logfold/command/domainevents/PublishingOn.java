package io.logfold.command.domainevents;

import io.logfold.api.alerts.ThresholdEvent;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventMessageHandler;
import org.axonframework.extensions.kafka.eventhandling.producer.KafkaPublisher;

/**
 * Publishes what aggregates applied, in the order of the event store, at least once: an event's
 * publication may be unknown, then it and what follows comes again. Thresholds came from Kafka and
 * do not go back.
 */
final class PublishingOn implements EventMessageHandler {

  /** The processing group, and so the name its position is kept under. */
  static final String PROCESSOR = "publishing-on";

  private final KafkaPublisher<String, byte[]> kafka;

  PublishingOn(KafkaPublisher<String, byte[]> kafka) {
    this.kafka = kafka;
  }

  @Override
  public Object handle(EventMessage<?> event) {
    if (!ThresholdEvent.class.isAssignableFrom(event.getPayloadType())) {
      publish(event);
    }
    return event.getIdentifier();
  }

  /** The publisher takes an interrupt for a publication; the position must not move on it. */
  private void publish(EventMessage<?> event) {
    kafka.send(event);
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("Interrupted before Kafka acknowledged an event");
    }
  }

  @Override
  public boolean supportsReset() {
    return false;
  }
}
