package io.logfold.command.alertrules;

import static io.logfold.command.Alarms.RULE_ID;
import static io.logfold.command.Alarms.rule;

import io.logfold.api.alerts.AlertRuleCommand;
import io.logfold.api.alerts.AlertRuleEvent;
import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.command.aggregates.Conflict;
import io.logfold.command.aggregates.Invalid;
import java.util.stream.Stream;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlertRuleTest {

  private static final RuleDefinition OTHER =
      rule("Checkout is slow", Measure.LATENCY_P99_MILLIS, null);
  private static final RuleDefinition WRONG = rule("", Measure.SERVER_ERROR_SHARE, null);

  private static final AlertRuleEvent DEFINED = new AlertRuleEvent.Defined(RULE_ID, rule());
  private static final AlertRuleEvent CHANGED = new AlertRuleEvent.Changed(RULE_ID, OTHER);
  private static final AlertRuleEvent PAUSED = new AlertRuleEvent.Paused(RULE_ID);
  private static final AlertRuleEvent RESUMED = new AlertRuleEvent.Resumed(RULE_ID);
  private static final AlertRuleEvent RETIRED = new AlertRuleEvent.Retired(RULE_ID);

  private static final AlertRuleCommand DEFINE = new AlertRuleCommand.Define(RULE_ID, rule());
  private static final AlertRuleCommand CHANGE = new AlertRuleCommand.Change(RULE_ID, OTHER);
  private static final AlertRuleCommand PAUSE = new AlertRuleCommand.Pause(RULE_ID);
  private static final AlertRuleCommand RESUME = new AlertRuleCommand.Resume(RULE_ID);
  private static final AlertRuleCommand RETIRE = new AlertRuleCommand.Retire(RULE_ID);

  private final AggregateTestFixture<AlertRule> rules = new AggregateTestFixture<>(AlertRule.class);

  @Test
  void isDefined() {
    rules.givenNoPriorActivity().when(DEFINE).expectEvents(DEFINED);
  }

  @Test
  void isDefinedOnceWhenItIsSentTwice() {
    rules.given(DEFINED).when(DEFINE).expectNoEvents().expectSuccessfulHandlerExecution();
  }

  @Test
  void isNotDefinedAnewWithAnotherDefinition() {
    rules
        .given(DEFINED)
        .when(new AlertRuleCommand.Define(RULE_ID, OTHER))
        .expectNoEvents()
        .expectException(Conflict.class);
  }

  @Test
  void isNotDefinedAgainAsItWasBeforeAChange() {
    rules.given(DEFINED, CHANGED).when(DEFINE).expectNoEvents().expectException(Conflict.class);
  }

  @Test
  void isNotDefinedWithMistakes() {
    rules
        .givenNoPriorActivity()
        .when(new AlertRuleCommand.Define(RULE_ID, WRONG))
        .expectNoEvents()
        .expectException(Invalid.class);
  }

  @Test
  void isChanged() {
    rules.given(DEFINED).when(CHANGE).expectEvents(CHANGED);
  }

  @Test
  void isChangedWhilePaused() {
    rules.given(DEFINED, PAUSED).when(CHANGE).expectEvents(CHANGED);
  }

  @Test
  void isChangedOnceWhenItIsSentTwice() {
    rules.given(DEFINED, CHANGED).when(CHANGE).expectNoEvents().expectSuccessfulHandlerExecution();
  }

  @Test
  void isNotChangedToMistakes() {
    rules
        .given(DEFINED)
        .when(new AlertRuleCommand.Change(RULE_ID, WRONG))
        .expectNoEvents()
        .expectException(Invalid.class);
  }

  @Test
  void isPausedAndResumed() {
    rules.given(DEFINED).when(PAUSE).expectEvents(PAUSED);
    rules.given(DEFINED, PAUSED).when(RESUME).expectEvents(RESUMED);
    rules.given(DEFINED, PAUSED, RESUMED).when(PAUSE).expectEvents(PAUSED);
  }

  @Test
  void isPausedAndResumedOnceWhenItIsSentTwice() {
    rules.given(DEFINED, PAUSED).when(PAUSE).expectNoEvents().expectSuccessfulHandlerExecution();
    rules.given(DEFINED).when(RESUME).expectNoEvents().expectSuccessfulHandlerExecution();
  }

  @Test
  void isRetiredOnceWhenItIsSentTwice() {
    rules.given(DEFINED).when(RETIRE).expectEvents(RETIRED);
    rules.given(DEFINED, PAUSED).when(RETIRE).expectEvents(RETIRED);
    rules.given(DEFINED, RETIRED).when(RETIRE).expectNoEvents().expectSuccessfulHandlerExecution();
  }

  static Stream<AlertRuleCommand> allButRetire() {
    return Stream.of(DEFINE, CHANGE, PAUSE, RESUME);
  }

  @ParameterizedTest
  @MethodSource("allButRetire")
  void staysRetired(AlertRuleCommand command) {
    rules.given(DEFINED, RETIRED).when(command).expectNoEvents().expectException(Conflict.class);
    rules
        .given(DEFINED, PAUSED, RETIRED)
        .when(command)
        .expectNoEvents()
        .expectException(Conflict.class);
  }

  static Stream<AlertRuleCommand> allButDefine() {
    return Stream.of(CHANGE, PAUSE, RESUME, RETIRE);
  }

  @ParameterizedTest
  @MethodSource("allButDefine")
  void knowsNoRuleThatWasNotDefined(AlertRuleCommand command) {
    rules
        .givenNoPriorActivity()
        .when(command)
        .expectNoEvents()
        .expectException(AggregateNotFoundException.class);
  }
}
