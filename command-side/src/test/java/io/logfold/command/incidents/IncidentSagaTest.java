package io.logfold.command.incidents;

import static io.logfold.command.Alarms.RULE_ID;
import static io.logfold.command.Alarms.TEN;
import static io.logfold.command.Alarms.cleared;
import static io.logfold.command.Alarms.crossed;
import static io.logfold.command.Alarms.incidentOf;
import static io.logfold.command.Alarms.minute;
import static io.logfold.command.Alarms.rule;

import io.logfold.api.alerts.AlertRuleEvent;
import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.ThresholdEvent.Crossed;
import io.logfold.api.incidents.IncidentCommand;
import io.logfold.api.incidents.Resolution;
import io.logfold.command.alertrules.ActiveRules;
import java.time.Duration;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.test.saga.ContinuedGivenState;
import org.axonframework.test.saga.FixtureExecutionResult;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IncidentSagaTest {

  private static final Duration SETTLE = Duration.ofSeconds(30);
  private static final Duration COOL_DOWN = Duration.ofMinutes(30);
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final Crossed FIRST = crossed(0, 0.10);
  private static final Crossed AGAIN = crossed(3, 0.31);
  private static final String ID = incidentOf(FIRST);

  private static final Object OPEN = new IncidentCommand.Open(ID, FIRST);
  private static final Object WORSEN = new IncidentCommand.Worsen(ID, AGAIN);
  private static final Object ESCALATE = new IncidentCommand.Escalate(ID);
  private static final Object RESOLVE = resolve(2, Resolution.CLEARED);
  private static final Object REOPEN = new IncidentCommand.Reopen(ID, AGAIN);

  private final EmbeddedEventStore ruleEvents =
      EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build();
  private SagaTestFixture<IncidentSaga> saga = fixture();
  private int ruleChanges;

  @BeforeEach
  void defineTheRule() {
    happensToTheRule(new AlertRuleEvent.Defined(RULE_ID, rule()));
  }

  @Test
  void opensAnIncidentWhenAThresholdIsCrossed() throws Exception {
    commands(saga.givenNoPriorActivity().whenPublishingA(FIRST), OPEN)
        .expectActiveSagas(1)
        .expectScheduledDeadlineWithName(PATIENCE, IncidentSaga.ESCALATE);
  }

  @Test
  void opensOneIncidentWhenAThresholdIsCrossedTwice() throws Exception {
    nothing(given(FIRST).whenPublishingA(FIRST)).expectActiveSagas(1);
  }

  @Test
  void opensAnIncidentForEachScope() throws Exception {
    given(FIRST).whenPublishingA(ofAnotherScope()).expectActiveSagas(2);
  }

  @Test
  void opensNothingWhenAThresholdIsClearedThatWasNotCrossed() throws Exception {
    nothing(saga.givenNoPriorActivity().whenPublishingA(cleared(2))).expectActiveSagas(0);
  }

  @Test
  void opensNothingForARuleThatIsPausedOrRetired() throws Exception {
    happensToTheRule(new AlertRuleEvent.Paused(RULE_ID));

    nothing(saga.givenNoPriorActivity().whenPublishingA(FIRST)).expectActiveSagas(0);
  }

  @Test
  void opensAnIncidentForARuleThatIsJudgedAgain() throws Exception {
    happensToTheRule(new AlertRuleEvent.Paused(RULE_ID));
    happensToTheRule(new AlertRuleEvent.Resumed(RULE_ID));

    commands(saga.givenNoPriorActivity().whenPublishingA(FIRST), OPEN);
  }

  @Test
  void opensNothingForARuleThatIsUnknown() throws Exception {
    Crossed unknown =
        new Crossed("no-rule", rule(), FIRST.scope(), FIRST.minute(), 0.1, 1200, FIRST.evidence());

    nothing(saga.givenNoPriorActivity().whenPublishingA(unknown)).expectActiveSagas(0);
  }

  @Test
  void worsensWhenItIsCrossedAgain() throws Exception {
    commands(given(FIRST).whenPublishingA(AGAIN), WORSEN);
  }

  @Test
  void ignoresWhatIsNotNewerThanWhatItHandled() throws Exception {
    nothing(given(FIRST).andThenAPublished(AGAIN).whenPublishingA(crossed(3, 0.9)));
    nothing(given(FIRST).andThenAPublished(AGAIN).whenPublishingA(crossed(2, 0.9)));
    nothing(given(FIRST).andThenAPublished(AGAIN).whenPublishingA(cleared(2)))
        .expectNoScheduledDeadlineWithName(SETTLE, IncidentSaga.SETTLE);
  }

  @Test
  void escalatesWhenNobodyAcknowledgesInTime() throws Exception {
    commands(given(FIRST).whenTimeElapses(PATIENCE), ESCALATE).expectNoScheduledDeadlines();
  }

  @Test
  void escalatesNotBeforeItsTime() throws Exception {
    nothing(given(FIRST).whenTimeElapses(PATIENCE.minusSeconds(1)));
  }

  @Test
  void escalatesNeverWhenTheRuleSaysSo() throws Exception {
    Crossed patient = crossed(rule("Patient", Measure.SERVER_ERROR_SHARE, null), 0, 0.1);

    saga.givenNoPriorActivity().whenPublishingA(patient).expectNoScheduledDeadlines();
  }

  @Test
  void waitsBeforeItResolves() throws Exception {
    nothing(given(FIRST).whenPublishingA(cleared(2)))
        .expectScheduledDeadlineWithName(SETTLE, IncidentSaga.SETTLE);
    nothing(given(FIRST).andThenAPublished(cleared(2)).whenTimeElapses(SETTLE.minusSeconds(1)));
  }

  @Test
  void resolvesWhenItStaysCleared() throws Exception {
    commands(given(FIRST).andThenAPublished(cleared(2)).whenTimeElapses(SETTLE), RESOLVE)
        .expectNoScheduledDeadlineWithName(PATIENCE.minus(SETTLE), IncidentSaga.ESCALATE)
        .expectScheduledDeadlineWithName(COOL_DOWN, IncidentSaga.COOL_DOWN)
        .expectActiveSagas(1);
  }

  @Test
  void staysOpenWhenItIsCrossedBeforeItSettled() throws Exception {
    commands(given(FIRST).andThenAPublished(cleared(2)).whenPublishingA(AGAIN), WORSEN);
    nothing(
        given(FIRST)
            .andThenAPublished(cleared(2))
            .andThenAPublished(AGAIN)
            .whenTimeElapses(SETTLE.plusSeconds(1)));
  }

  @Test
  void settlesAnewAfterEachClearing() throws Exception {
    nothing(
        given(FIRST)
            .andThenAPublished(cleared(2))
            .andThenTimeElapses(SETTLE.minusSeconds(1))
            .andThenAPublished(AGAIN)
            .andThenAPublished(cleared(4))
            .whenTimeElapses(SETTLE.minusSeconds(1)));
  }

  @Test
  void doesNotEscalateWhileItMayBeOverAndDoesWhenItIsNot() throws Exception {
    var almost =
        given(FIRST)
            .andThenTimeElapses(PATIENCE.minusSeconds(1))
            .andThenAPublished(cleared(2))
            .andThenTimeElapses(Duration.ofSeconds(1));

    commands(almost.whenPublishingA(AGAIN), WORSEN, ESCALATE);
  }

  @Test
  void reopensTheSameIncidentWithinTheCoolDown() throws Exception {
    commands(
            resolved().andThenTimeElapses(COOL_DOWN.minusSeconds(1)).whenPublishingA(AGAIN), REOPEN)
        .expectActiveSagas(1)
        .expectScheduledDeadlineWithName(PATIENCE, IncidentSaga.ESCALATE);
  }

  @Test
  void escalatesAnewAfterItWasReopened() throws Exception {
    commands(resolved().andThenAPublished(AGAIN).whenTimeElapses(PATIENCE), ESCALATE);
  }

  @Test
  void isNotEndedByTheCoolDownOfAnEarlierEnd() throws Exception {
    resolved()
        .andThenAPublished(AGAIN)
        .andThenAPublished(cleared(5))
        .andThenTimeElapses(SETTLE)
        .whenTimeElapses(COOL_DOWN.minusSeconds(1))
        .expectActiveSagas(1);
  }

  @Test
  void endsWithTheCoolDown() throws Exception {
    nothing(resolved().whenTimeElapses(COOL_DOWN)).expectActiveSagas(0);
  }

  @Test
  void opensAnotherIncidentAfterTheCoolDown() throws Exception {
    Crossed later = crossed(60, 0.2);

    commands(
        resolved().andThenTimeElapses(COOL_DOWN).whenPublishingA(later),
        new IncidentCommand.Open(incidentOf(later), later));
  }

  @Test
  void reopensNothingForARuleThatIsPaused() throws Exception {
    var cooling = resolved();
    happensToTheRule(new AlertRuleEvent.Paused(RULE_ID));

    nothing(cooling.whenPublishingA(AGAIN));
  }

  @Test
  void resolvesWhenTheRuleIsPausedAndReopensWhenItIsJudgedAgain() throws Exception {
    commands(
            given(FIRST).whenPublishingA(new AlertRuleEvent.Paused(RULE_ID)),
            resolve(0, Resolution.RULE_PAUSED))
        .expectActiveSagas(1)
        .expectScheduledDeadlineWithName(COOL_DOWN, IncidentSaga.COOL_DOWN);
    commands(
        given(FIRST).andThenAPublished(new AlertRuleEvent.Paused(RULE_ID)).whenPublishingA(AGAIN),
        REOPEN);
  }

  @Test
  void resolvesForGoodWhenTheRuleIsRetired() throws Exception {
    commands(
            given(FIRST)
                .andThenAPublished(cleared(2))
                .whenPublishingA(new AlertRuleEvent.Retired(RULE_ID)),
            resolve(0, Resolution.RULE_RETIRED))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
  }

  @Test
  void endsWithoutAnotherWordWhenTheRuleIsRetiredOrPausedAfterItWasResolved() throws Exception {
    nothing(resolved().whenPublishingA(new AlertRuleEvent.Paused(RULE_ID))).expectActiveSagas(1);
    nothing(resolved().whenPublishingA(new AlertRuleEvent.Retired(RULE_ID)))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
  }

  @Test
  void ignoresWhatHappensToOtherRules() throws Exception {
    nothing(given(FIRST).whenPublishingA(new AlertRuleEvent.Retired("another")))
        .expectActiveSagas(1);
  }

  /**
   * Every two minutes across the threshold and back, an hour long: one incident, never resolved.
   */
  @Test
  void givesOneIncidentWhenAMeasureOscillates() throws Exception {
    ContinuedGivenState state = given(FIRST);
    for (int minute = 1; minute < 60; minute += 2) {
      state = state.andThenTimeElapses(Duration.ofMinutes(1)).andThenAPublished(cleared(minute));
      Crossed crossed = crossed(minute + 1, 0.10);
      state = state.andThenTimeElapses(SETTLE.minusSeconds(1)).andThenAPublished(crossed);
    }

    Crossed last = crossed(61, 0.11);
    commands(state.whenPublishingA(last), new IncidentCommand.Worsen(ID, last))
        .expectActiveSagas(1);
  }

  /** Slow enough to settle in between, it is still one incident, reopened. */
  @Test
  void givesOneIncidentWhenAMeasureOscillatesSlowly() throws Exception {
    ContinuedGivenState state = given(FIRST);
    for (int minute = 5; minute < 65; minute += 10) {
      state =
          state
              .andThenAPublished(cleared(minute))
              .andThenTimeElapses(Duration.ofMinutes(5))
              .andThenAPublished(crossed(minute + 5, 0.10));
      state = state.andThenTimeElapses(Duration.ofMinutes(5));
    }

    commands(
            state.andThenAPublished(cleared(70)).whenTimeElapses(SETTLE),
            resolve(70, Resolution.CLEARED))
        .expectActiveSagas(1);
  }

  /** A fixture takes one story. */
  private SagaTestFixture<IncidentSaga> fixture() {
    SagaTestFixture<IncidentSaga> fixture = new SagaTestFixture<>(IncidentSaga.class);
    fixture.registerResource(new IncidentProperties(SETTLE, COOL_DOWN));
    fixture.registerResource(new ActiveRules(ruleEvents));
    return fixture;
  }

  private ContinuedGivenState given(Crossed crossing) throws Exception {
    saga = fixture();
    return saga.givenCurrentTime(TEN).andThenAPublished(crossing);
  }

  private ContinuedGivenState resolved() throws Exception {
    return given(FIRST).andThenAPublished(cleared(2)).andThenTimeElapses(SETTLE);
  }

  private void happensToTheRule(AlertRuleEvent event) {
    ruleEvents.publish(new GenericDomainEventMessage<>("AlertRule", RULE_ID, ruleChanges++, event));
  }

  private static FixtureExecutionResult commands(
      FixtureExecutionResult result, Object... expected) {
    return result.expectDispatchedCommands(expected);
  }

  private static FixtureExecutionResult nothing(FixtureExecutionResult result) {
    return result.expectNoDispatchedCommands();
  }

  private static Crossed ofAnotherScope() {
    return new Crossed(
        RULE_ID,
        rule(),
        new io.logfold.api.alerts.Scope("SHOP", null, null),
        FIRST.minute(),
        0.1,
        1200,
        FIRST.evidence());
  }

  private static IncidentCommand resolve(int minute, Resolution resolution) {
    return new IncidentCommand.Resolve(ID, minute(minute), resolution);
  }
}
