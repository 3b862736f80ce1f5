package io.logfold.command.incidents;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.logfold.api.alerts.AlertRuleEvent;
import io.logfold.api.alerts.ThresholdEvent;
import io.logfold.api.incidents.IncidentCommand;
import io.logfold.api.incidents.Resolution;
import io.logfold.command.alertrules.ActiveRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * What follows from the findings about one alarm, which is a rule and a scope: one incident, opened
 * by the first crossing, and reopened rather than followed by another until the cool-down is over.
 *
 * <p>Its commands and what it remembers are stored in the transaction of the event or deadline it
 * handles: each of them has its effect once or not at all. Public because Axon makes it.
 */
@Saga
@ProcessingGroup(IncidentSaga.PROCESSOR)
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE)
public class IncidentSaga {

  /** The processing group, and so the name its position is kept under. */
  static final String PROCESSOR = "incidents";

  static final String ESCALATE = "escalate";
  static final String SETTLE = "settle";
  static final String COOL_DOWN = "cool-down";

  private enum Phase {
    /** The incident is open. */
    OPEN,
    /** It is cleared, but not for long enough. */
    SETTLING,
    /** It is resolved; the same may come back. */
    COOLING
  }

  @Autowired private transient CommandGateway commands;
  @Autowired private transient DeadlineManager deadlines;
  @Autowired private transient IncidentProperties settings;
  @Autowired private transient ActiveRules rules;

  private @Nullable String incidentId;
  private @Nullable Phase phase;
  private @Nullable Instant lastMinute;
  private boolean overdue;

  /** Tells a deadline whether it is of this phase, or of one before. */
  private int phases;

  private @Nullable String escalation;
  private @Nullable String settling;
  private @Nullable String cooling;

  public IncidentSaga() {}

  @StartSaga
  @SagaEventHandler(associationProperty = "alarm", associationResolver = AlarmHash.class)
  void on(ThresholdEvent.Crossed event) {
    if (isHandled(event)) {
      return;
    }
    lastMinute = event.minute();
    if (phase == null) {
      open(event);
    } else if (phase == Phase.COOLING) {
      reopen(event);
    } else {
      worsen(event);
    }
  }

  @SagaEventHandler(associationProperty = "alarm", associationResolver = AlarmHash.class)
  void on(ThresholdEvent.Cleared event) {
    if (isHandled(event)) {
      return;
    }
    lastMinute = event.minute();
    if (phase == Phase.OPEN) {
      enter(Phase.SETTLING);
      settling = deadlines.schedule(settings.settle(), SETTLE, phases);
    }
  }

  @SagaEventHandler(associationProperty = "ruleId")
  void on(AlertRuleEvent.Paused event, @Timestamp Instant at) {
    if (phase != Phase.COOLING) {
      resolve(at.truncatedTo(ChronoUnit.MINUTES), Resolution.RULE_PAUSED);
    }
  }

  /** A retired rule never comes back, so nothing is left to wait for. */
  @SagaEventHandler(associationProperty = "ruleId")
  void on(AlertRuleEvent.Retired event, @Timestamp Instant at) {
    if (phase != Phase.COOLING) {
      resolve(at.truncatedTo(ChronoUnit.MINUTES), Resolution.RULE_RETIRED);
    }
    cooling = cancel(COOL_DOWN, cooling);
    SagaLifecycle.end();
  }

  /** While it may be over, to escalate would be a false alarm: it waits until that is decided. */
  @DeadlineHandler(deadlineName = ESCALATE)
  void escalate() {
    escalation = null;
    if (phase == Phase.OPEN) {
      commands.sendAndWait(new IncidentCommand.Escalate(incidentId()));
    } else {
      overdue = phase == Phase.SETTLING;
    }
  }

  @DeadlineHandler(deadlineName = SETTLE)
  void settled(Integer ofPhase) {
    if (ofPhase == phases) {
      settling = null;
      resolve(Objects.requireNonNull(lastMinute), Resolution.CLEARED);
    }
  }

  @DeadlineHandler(deadlineName = COOL_DOWN)
  void cooledDown(Integer ofPhase) {
    if (ofPhase == phases) {
      SagaLifecycle.end();
    }
  }

  private boolean isHandled(ThresholdEvent event) {
    return lastMinute != null && !event.minute().isAfter(lastMinute);
  }

  /** The read side may not have heard yet that the rule is paused or retired; here it is known. */
  private boolean isActive(String ruleId) {
    return rules.contains(ruleId);
  }

  private void open(ThresholdEvent.Crossed event) {
    if (!isActive(event.ruleId())) {
      SagaLifecycle.end();
      return;
    }
    SagaLifecycle.associateWith("ruleId", event.ruleId());
    incidentId = idOf(event);
    enter(Phase.OPEN);
    commands.sendAndWait(new IncidentCommand.Open(incidentId(), event));
    watch(event);
  }

  private void reopen(ThresholdEvent.Crossed event) {
    if (!isActive(event.ruleId())) {
      return;
    }
    cooling = cancel(COOL_DOWN, cooling);
    enter(Phase.OPEN);
    commands.sendAndWait(new IncidentCommand.Reopen(incidentId(), event));
    watch(event);
  }

  private void worsen(ThresholdEvent.Crossed event) {
    settling = cancel(SETTLE, settling);
    enter(Phase.OPEN);
    commands.sendAndWait(new IncidentCommand.Worsen(incidentId(), event));
    if (overdue) {
      overdue = false;
      commands.sendAndWait(new IncidentCommand.Escalate(incidentId()));
    }
  }

  private void watch(ThresholdEvent.Crossed event) {
    Integer minutes = event.rule().escalatesAfterMinutes();
    if (minutes != null) {
      escalation = deadlines.schedule(Duration.ofMinutes(minutes), ESCALATE);
    }
  }

  private void resolve(Instant until, Resolution resolution) {
    escalation = cancel(ESCALATE, escalation);
    settling = cancel(SETTLE, settling);
    overdue = false;
    enter(Phase.COOLING);
    commands.sendAndWait(new IncidentCommand.Resolve(incidentId(), until, resolution));
    cooling = deadlines.schedule(settings.coolDown(), COOL_DOWN, phases);
  }

  private void enter(Phase next) {
    phase = next;
    phases++;
  }

  private @Nullable String cancel(String deadline, @Nullable String schedule) {
    if (schedule != null) {
      deadlines.cancelSchedule(deadline, schedule);
    }
    return null;
  }

  /** The same crossing opens the same incident, however often it is told. */
  private static String idOf(ThresholdEvent.Crossed event) {
    return UUID.nameUUIDFromBytes(event.id().getBytes(StandardCharsets.UTF_8)).toString();
  }

  private String incidentId() {
    return Objects.requireNonNull(incidentId);
  }
}
