package io.logfold.command.telling;

import io.logfold.api.alerts.Target;
import io.logfold.api.incidents.IncidentEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.springframework.stereotype.Component;

/**
 * Notes whom to tell what, in the transaction that moves the processor's position. That it got
 * worse or that somebody looks after it is told to nobody: one message when it begins and one when
 * it ends is what people read.
 *
 * <p>An event that is handled again finds its deliveries by their ids. Those are forgotten after
 * {@link TellingProperties#keep}, so an older event is told no more.
 */
@Component
@ProcessingGroup(Telling.PROCESSOR)
@DisallowReplay
class Telling {

  static final String PROCESSOR = "telling";

  private final Deliveries deliveries;
  private final Courier courier;
  private final TellingProperties settings;
  private final Clock clock;

  Telling(Deliveries deliveries, Courier courier, TellingProperties settings, Clock clock) {
    this.deliveries = deliveries;
    this.courier = courier;
    this.settings = settings;
    this.clock = clock;
  }

  @EventHandler
  void on(IncidentEvent.Opened event, @SequenceNumber long sequence, @Timestamp Instant at) {
    tell(Notice.opened(event, at), sequence);
  }

  @EventHandler
  void on(IncidentEvent.Reopened event, @SequenceNumber long sequence, @Timestamp Instant at) {
    tell(Notice.reopened(event, at), sequence);
  }

  @EventHandler
  void on(IncidentEvent.Escalated event, @SequenceNumber long sequence, @Timestamp Instant at) {
    tell(Notice.escalated(event, at), sequence);
  }

  @EventHandler
  void on(IncidentEvent.Resolved event, @SequenceNumber long sequence, @Timestamp Instant at) {
    tell(Notice.resolved(event, at), sequence);
  }

  private void tell(Notice notice, long sequence) {
    Instant now = clock.instant();
    if (notice.at().isBefore(now.minus(settings.keep()))) {
      return;
    }
    List<Target> targets = notice.crossing().rule().tell();
    for (int i = 0; i < targets.size(); i++) {
      note(Delivery.id(notice.incidentId(), sequence, i), notice, sequence, targets.get(i), now);
    }
    CurrentUnitOfWork.ifStarted(work -> work.afterCommit(done -> courier.wake()));
  }

  private void note(String id, Notice notice, long sequence, Target target, Instant now) {
    if (deliveries.existsById(id)) {
      return;
    }
    deliveries.save(
        Delivery.of(
            id,
            notice.incidentId(),
            sequence,
            notice.what(),
            target,
            Message.body(id, notice, target.kind()),
            now,
            settings.giveUpAfter()));
  }
}
