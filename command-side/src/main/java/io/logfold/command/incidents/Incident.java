package io.logfold.command.incidents;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.logfold.api.alerts.ThresholdEvent.Crossed;
import io.logfold.api.incidents.IncidentCommand;
import io.logfold.api.incidents.IncidentEvent;
import io.logfold.api.incidents.IncidentReport.State;
import io.logfold.api.incidents.Resolution;
import io.logfold.command.aggregates.Conflict;
import io.logfold.command.aggregates.Invalid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * An incident, from its first crossing until it is over for good. It has snapshots: one that is
 * reopened again and again can go on for weeks.
 */
@Aggregate(snapshotTriggerDefinition = "incidentSnapshots")
@JsonAutoDetect(fieldVisibility = Visibility.ANY, isGetterVisibility = Visibility.NONE)
class Incident {

  private static final int MAX_WHO = 100;
  private static final int MAX_NOTE = 1_000;

  @AggregateIdentifier private @Nullable String incidentId;
  private State state = State.OPEN;
  private @Nullable Instant since;
  private @Nullable Crossed worst;
  private boolean escalated;
  private @Nullable String acknowledgedBy;
  private @Nullable String note;
  private @Nullable Resolution resolution;

  Incident() {}

  /** Nothing if it exists, whatever became of it: its id is that of the crossing. */
  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void handle(IncidentCommand.Open command) {
    if (worst == null) {
      apply(new IncidentEvent.Opened(command.incidentId(), command.crossing()));
    }
  }

  @CommandHandler
  void handle(IncidentCommand.Worsen command) {
    Crossed before = worst();
    if (state == State.RESOLVED) {
      throw over("gets no worse");
    }
    if (isWorse(command.crossing(), before)) {
      apply(new IncidentEvent.Worsened(command.incidentId(), command.crossing()));
    }
  }

  @CommandHandler
  void handle(IncidentCommand.Acknowledge command) {
    worst();
    checkWords(command);
    if (state == State.RESOLVED) {
      throw over("needs nobody to look after it");
    }
    if (!command.who().equals(acknowledgedBy) || !command.note().equals(note)) {
      apply(new IncidentEvent.Acknowledged(command.incidentId(), command.who(), command.note()));
    }
  }

  @CommandHandler
  void handle(IncidentCommand.Escalate command) {
    Crossed soFar = worst();
    if (state == State.OPEN && !escalated) {
      apply(new IncidentEvent.Escalated(command.incidentId(), soFar, since()));
    }
  }

  /** Never over before it began: a pause may come in the minute of the crossing. */
  @CommandHandler
  void handle(IncidentCommand.Resolve command) {
    Crossed ofAll = worst();
    if (state != State.RESOLVED) {
      Instant until = command.until().isBefore(since()) ? since() : command.until();
      apply(
          new IncidentEvent.Resolved(
              command.incidentId(), ofAll, since(), until, command.resolution()));
    }
  }

  /** Nothing while it is open. */
  @CommandHandler
  void handle(IncidentCommand.Reopen command) {
    worst();
    if (resolution == Resolution.RULE_RETIRED) {
      throw new Conflict(
          "rule-retired",
          "Incident %s ended with its rule and stays so.".formatted(command.incidentId()));
    }
    if (state == State.RESOLVED) {
      apply(new IncidentEvent.Reopened(command.incidentId(), command.crossing()));
    }
  }

  @EventSourcingHandler
  void on(IncidentEvent.Opened event) {
    incidentId = event.incidentId();
    since = event.crossing().minute();
    worst = event.crossing();
  }

  @EventSourcingHandler
  void on(IncidentEvent.Worsened event) {
    worst = event.crossing();
  }

  @EventSourcingHandler
  void on(IncidentEvent.Acknowledged event) {
    state = State.ACKNOWLEDGED;
    acknowledgedBy = event.who();
    note = event.note();
  }

  @EventSourcingHandler
  void on(IncidentEvent.Escalated event) {
    escalated = true;
  }

  @EventSourcingHandler
  void on(IncidentEvent.Resolved event) {
    state = State.RESOLVED;
    resolution = event.resolution();
  }

  /** Nobody who looked after it before can be taken to do so again. */
  @EventSourcingHandler
  void on(IncidentEvent.Reopened event) {
    state = State.OPEN;
    resolution = null;
    escalated = false;
    acknowledgedBy = null;
    note = null;
    if (isWorse(event.crossing(), worst())) {
      worst = event.crossing();
    }
  }

  /** A crossing of another measure, after the rule was changed, counts as worse: it is the news. */
  private static boolean isWorse(Crossed crossing, Crossed than) {
    if (crossing.rule().measure() != than.rule().measure()) {
      return true;
    }
    return crossing.rule().measure().opensBelow()
        ? crossing.value() < than.value()
        : crossing.value() > than.value();
  }

  private static void checkWords(IncidentCommand.Acknowledge command) {
    List<Invalid.Mistake> mistakes = new ArrayList<>();
    if (command.who().isBlank() || command.who().length() > MAX_WHO) {
      mistakes.add(
          new Invalid.Mistake(
              "who", "who is to be 1 to %d characters, not all of them blank.".formatted(MAX_WHO)));
    }
    if (command.note().length() > MAX_NOTE) {
      mistakes.add(
          new Invalid.Mistake("note", "note is longer than %d characters.".formatted(MAX_NOTE)));
    }
    if (!mistakes.isEmpty()) {
      throw new Invalid(mistakes);
    }
  }

  private Conflict over(String why) {
    return new Conflict(
        "incident-resolved", "Incident %s is resolved and %s.".formatted(incidentId, why));
  }

  private Instant since() {
    return Objects.requireNonNull(since);
  }

  /** What has this id and never opened is no incident, but something else in the event store. */
  private Crossed worst() {
    if (worst == null) {
      throw new AggregateNotFoundException(String.valueOf(incidentId), "It is no incident");
    }
    return worst;
  }
}
