package io.logfold.command.incidents;

import static io.logfold.command.Alarms.crossed;
import static io.logfold.command.Alarms.minute;
import static io.logfold.command.Alarms.rule;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.ThresholdEvent.Crossed;
import io.logfold.api.incidents.IncidentCommand;
import io.logfold.api.incidents.IncidentEvent;
import io.logfold.api.incidents.Resolution;
import io.logfold.command.aggregates.Conflict;
import io.logfold.command.aggregates.Invalid;
import java.util.stream.Stream;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IncidentTest {

  private static final String ID = "3b241101-e2bb-4255-8caf-4136c566a962";
  private static final Crossed FIRST = crossed(0, 0.10);
  private static final Crossed WORSE = crossed(1, 0.31);
  private static final Crossed BETTER = crossed(2, 0.20);

  private static final IncidentEvent OPENED = new IncidentEvent.Opened(ID, FIRST);
  private static final IncidentEvent WORSENED = new IncidentEvent.Worsened(ID, WORSE);
  private static final IncidentEvent ACKNOWLEDGED = new IncidentEvent.Acknowledged(ID, "ann", "I");
  private static final IncidentEvent ESCALATED = new IncidentEvent.Escalated(ID, FIRST, minute(0));
  private static final IncidentEvent RESOLVED = resolved(FIRST, Resolution.CLEARED);

  private static final IncidentCommand OPEN = new IncidentCommand.Open(ID, FIRST);
  private static final IncidentCommand WORSEN = new IncidentCommand.Worsen(ID, WORSE);
  private static final IncidentCommand ACKNOWLEDGE =
      new IncidentCommand.Acknowledge(ID, "ann", "I");
  private static final IncidentCommand ESCALATE = new IncidentCommand.Escalate(ID);
  private static final IncidentCommand RESOLVE =
      new IncidentCommand.Resolve(ID, minute(9), Resolution.CLEARED);
  private static final IncidentCommand REOPEN = new IncidentCommand.Reopen(ID, BETTER);

  private final AggregateTestFixture<Incident> incidents =
      new AggregateTestFixture<>(Incident.class);

  @Test
  void opensOnceWhateverBecameOfIt() {
    incidents.givenNoPriorActivity().when(OPEN).expectEvents(OPENED);
    unchanged(OPEN, OPENED);
    unchanged(OPEN, OPENED, WORSENED, ACKNOWLEDGED);
    unchanged(OPEN, OPENED, RESOLVED);
  }

  @Test
  void worsensWhenTheMeasureIsWorseThanTheWorst() {
    incidents.given(OPENED).when(WORSEN).expectEvents(WORSENED);
    incidents.given(OPENED, ACKNOWLEDGED).when(WORSEN).expectEvents(WORSENED);
    unchanged(WORSEN, OPENED, WORSENED);
    unchanged(new IncidentCommand.Worsen(ID, BETTER), OPENED, WORSENED);
  }

  @Test
  void worsensDownwardsWhenTheRuleOpensBelow() {
    var below = rule("Silence", Measure.REQUESTS_PER_MINUTE_BELOW, null);
    var opened = new IncidentEvent.Opened(ID, crossed(below, 0, 0.04));
    var lower = crossed(below, 1, 0.02);

    incidents
        .given(opened)
        .when(new IncidentCommand.Worsen(ID, lower))
        .expectEvents(new IncidentEvent.Worsened(ID, lower));
    unchanged(new IncidentCommand.Worsen(ID, crossed(below, 1, 0.045)), opened);
  }

  @Test
  void takesACrossingOfAnotherMeasureForWorse() {
    Crossed other = crossed(rule("Slow", Measure.LATENCY_P99_MILLIS, null), 1, 0.06);

    incidents
        .given(OPENED)
        .when(new IncidentCommand.Worsen(ID, other))
        .expectEvents(new IncidentEvent.Worsened(ID, other));
  }

  @Test
  void isAcknowledgedByMoreThanOneAndOnceByEach() {
    incidents.given(OPENED).when(ACKNOWLEDGE).expectEvents(ACKNOWLEDGED);
    unchanged(ACKNOWLEDGE, OPENED, ACKNOWLEDGED);
    incidents
        .given(OPENED, ACKNOWLEDGED)
        .when(new IncidentCommand.Acknowledge(ID, "bob", "I"))
        .expectEvents(new IncidentEvent.Acknowledged(ID, "bob", "I"));
    incidents
        .given(OPENED, ACKNOWLEDGED)
        .when(new IncidentCommand.Acknowledge(ID, "ann", "found it"))
        .expectEvents(new IncidentEvent.Acknowledged(ID, "ann", "found it"));
  }

  @Test
  void isAcknowledgedAfterItEscalated() {
    incidents.given(OPENED, ESCALATED).when(ACKNOWLEDGE).expectEvents(ACKNOWLEDGED);
  }

  static Stream<IncidentCommand> badWords() {
    return Stream.of(
        new IncidentCommand.Acknowledge(ID, " ", ""),
        new IncidentCommand.Acknowledge(ID, "w".repeat(101), ""),
        new IncidentCommand.Acknowledge(ID, "ann", "n".repeat(1001)));
  }

  @ParameterizedTest
  @MethodSource("badWords")
  void isNotAcknowledgedInTooManyWords(IncidentCommand command) {
    incidents.given(OPENED).when(command).expectNoEvents().expectException(Invalid.class);
  }

  @Test
  void escalatesOnceAndOnlyWhileNobodyLooksAfterIt() {
    incidents.given(OPENED).when(ESCALATE).expectEvents(ESCALATED);
    unchanged(ESCALATE, OPENED, ESCALATED);
    unchanged(ESCALATE, OPENED, ACKNOWLEDGED);
    unchanged(ESCALATE, OPENED, RESOLVED);
  }

  @Test
  void escalatesWithTheWorstSoFar() {
    incidents
        .given(OPENED, WORSENED)
        .when(ESCALATE)
        .expectEvents(new IncidentEvent.Escalated(ID, WORSE, minute(0)));
  }

  @Test
  void isResolvedOnceWithTheWorstOfAll() {
    incidents.given(OPENED).when(RESOLVE).expectEvents(RESOLVED);
    incidents
        .given(OPENED, WORSENED, ACKNOWLEDGED)
        .when(RESOLVE)
        .expectEvents(resolved(WORSE, Resolution.CLEARED));
    unchanged(RESOLVE, OPENED, RESOLVED);
    unchanged(new IncidentCommand.Resolve(ID, minute(9), Resolution.RULE_PAUSED), OPENED, RESOLVED);
  }

  @Test
  void isNotOverBeforeItBegan() {
    incidents
        .given(OPENED)
        .when(new IncidentCommand.Resolve(ID, minute(-1), Resolution.RULE_PAUSED))
        .expectEvents(
            new IncidentEvent.Resolved(ID, FIRST, minute(0), minute(0), Resolution.RULE_PAUSED));
  }

  @Test
  void isReopenedOnlyAfterItWasResolved() {
    incidents.given(OPENED, RESOLVED).when(REOPEN).expectEvents(reopened());
    unchanged(REOPEN, OPENED);
    unchanged(REOPEN, OPENED, RESOLVED, reopened());
    incidents
        .given(OPENED, resolved(FIRST, Resolution.RULE_PAUSED))
        .when(REOPEN)
        .expectEvents(reopened());
  }

  @Test
  void staysResolvedWhenItsRuleWasRetired() {
    refused(REOPEN, OPENED, resolved(FIRST, Resolution.RULE_RETIRED));
  }

  @Test
  void beginsAnewWithItsAcknowledgementAndItsEscalationWhenItIsReopened() {
    incidents
        .given(OPENED, ESCALATED, ACKNOWLEDGED, RESOLVED, reopened())
        .when(ESCALATE)
        .expectEvents(new IncidentEvent.Escalated(ID, BETTER, minute(0)));
    incidents
        .given(OPENED, ACKNOWLEDGED, RESOLVED, reopened())
        .when(ACKNOWLEDGE)
        .expectEvents(ACKNOWLEDGED);
  }

  @Test
  void keepsTheWorstOfAllWhenItIsReopened() {
    incidents
        .given(OPENED, WORSENED, resolved(WORSE, Resolution.CLEARED), reopened())
        .when(ESCALATE)
        .expectEvents(new IncidentEvent.Escalated(ID, WORSE, minute(0)));
  }

  @Test
  void getsNoWorseAndNeedsNobodyOnceItIsResolved() {
    refused(WORSEN, OPENED, RESOLVED);
    refused(ACKNOWLEDGE, OPENED, RESOLVED);
  }

  static Stream<IncidentCommand> allButOpen() {
    return Stream.of(WORSEN, ACKNOWLEDGE, ESCALATE, RESOLVE, REOPEN);
  }

  @ParameterizedTest
  @MethodSource("allButOpen")
  void knowsNoIncidentThatWasNotOpened(IncidentCommand command) {
    incidents
        .givenNoPriorActivity()
        .when(command)
        .expectNoEvents()
        .expectException(AggregateNotFoundException.class);
  }

  private void unchanged(IncidentCommand command, IncidentEvent... given) {
    incidents
        .given((Object[]) given)
        .when(command)
        .expectNoEvents()
        .expectSuccessfulHandlerExecution();
  }

  private void refused(IncidentCommand command, IncidentEvent... given) {
    incidents
        .given((Object[]) given)
        .when(command)
        .expectNoEvents()
        .expectException(Conflict.class);
  }

  private static IncidentEvent resolved(Crossed worst, Resolution resolution) {
    return new IncidentEvent.Resolved(ID, worst, minute(0), minute(9), resolution);
  }

  private static IncidentEvent reopened() {
    return new IncidentEvent.Reopened(ID, BETTER);
  }
}
