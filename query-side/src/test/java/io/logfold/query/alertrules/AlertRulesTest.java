package io.logfold.query.alertrules;

import static io.logfold.query.Alerts.CHECKOUT_FAILS;
import static io.logfold.query.Alerts.TOO_QUIET;
import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.alerts.AlertRuleEvent.Changed;
import io.logfold.api.alerts.AlertRuleEvent.Defined;
import io.logfold.api.alerts.AlertRuleEvent.Paused;
import io.logfold.api.alerts.AlertRuleEvent.Resumed;
import io.logfold.api.alerts.AlertRuleEvent.Retired;
import io.logfold.api.alerts.AlertRuleReport;
import io.logfold.api.alerts.AlertRuleReport.State;
import io.logfold.api.alerts.FindAlertRule;
import io.logfold.api.alerts.FindAlertRules;
import io.logfold.query.domainevents.DomainEventsTest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class AlertRulesTest extends DomainEventsTest {

  private static final Instant MONDAY = Instant.parse("2026-11-23T08:00:00.123Z");
  private static final Instant TUESDAY = Instant.parse("2026-11-24T08:00:00Z");
  private static final Instant WEDNESDAY = Instant.parse("2026-11-25T08:00:00Z");

  @Autowired private AlertRuleTable table;

  @Test
  void showsADefinedRuleAsActive() {
    given("a", 0, MONDAY, new Defined("a", CHECKOUT_FAILS));
    assertThat(rule("a"))
        .contains(new AlertRuleReport("a", CHECKOUT_FAILS, State.ACTIVE, MONDAY, MONDAY));
  }

  @Test
  void showsTheNewDefinitionOfAChangedRuleAndLeavesItsState() {
    given("a", 0, MONDAY, new Defined("a", CHECKOUT_FAILS));
    given("a", 1, TUESDAY, new Paused("a"));
    given("a", 2, WEDNESDAY, new Changed("a", TOO_QUIET));
    assertThat(rule("a"))
        .contains(new AlertRuleReport("a", TOO_QUIET, State.PAUSED, TUESDAY, WEDNESDAY));
  }

  @Test
  void showsAResumedRuleAsActiveSinceThen() {
    given("a", 0, MONDAY, new Defined("a", CHECKOUT_FAILS));
    given("a", 1, TUESDAY, new Paused("a"));
    given("a", 2, WEDNESDAY, new Resumed("a"));
    assertThat(rule("a"))
        .contains(new AlertRuleReport("a", CHECKOUT_FAILS, State.ACTIVE, WEDNESDAY, MONDAY));
  }

  @Test
  void listsARetiredRuleOnlyToWhoAsksForIt() {
    given("b", 0, MONDAY, new Defined("b", CHECKOUT_FAILS));
    given("a", 0, MONDAY, new Defined("a", TOO_QUIET));
    given("b", 1, TUESDAY, new Retired("b"));
    assertThat(rules(false)).extracting(AlertRuleReport::ruleId).containsExactly("a");
    assertThat(rules(true)).extracting(AlertRuleReport::ruleId).containsExactly("a", "b");
    assertThat(rule("b"))
        .contains(new AlertRuleReport("b", CHECKOUT_FAILS, State.RETIRED, TUESDAY, MONDAY));
  }

  @Test
  void givesOnlyTheActiveRulesToBeJudged() {
    given("b", 0, MONDAY, new Defined("b", CHECKOUT_FAILS));
    given("c", 0, MONDAY, new Defined("c", CHECKOUT_FAILS));
    given("d", 0, MONDAY, new Defined("d", CHECKOUT_FAILS));
    given("a", 0, MONDAY, new Defined("a", TOO_QUIET));
    given("c", 1, TUESDAY, new Paused("c"));
    given("d", 1, TUESDAY, new Retired("d"));
    untilTakenIn();
    assertThat(table.active())
        .containsExactly(new ActiveRule("a", TOO_QUIET), new ActiveRule("b", CHECKOUT_FAILS));
  }

  @Test
  void changesNothingWhenEventsAreDeliveredAgain() {
    given("a", 0, MONDAY, new Defined("a", CHECKOUT_FAILS));
    given("a", 1, TUESDAY, new Paused("a"));
    given("a", 2, TUESDAY, new Changed("a", TOO_QUIET));
    AlertRuleReport before = rule("a").orElseThrow();
    given("a", 0, MONDAY, new Defined("a", CHECKOUT_FAILS));
    given("a", 1, TUESDAY, new Paused("a"));
    given("a", 2, TUESDAY, new Changed("a", TOO_QUIET));
    assertThat(rule("a")).contains(before);
  }

  @Test
  void ignoresAnOlderEventAfterANewerOne() {
    given("a", 0, MONDAY, new Defined("a", CHECKOUT_FAILS));
    given("a", 2, WEDNESDAY, new Resumed("a"));
    given("a", 1, TUESDAY, new Paused("a"));
    assertThat(rule("a")).get().extracting(AlertRuleReport::state).isEqualTo(State.ACTIVE);
  }

  @Test
  void ignoresWhatHappenedToARuleOfWhichNothingIsKnown() {
    given("a", 1, TUESDAY, new Paused("a"));
    assertThat(rules(true)).isEmpty();
  }

  @Test
  void answersTheSameAfterAReplay() {
    given("a", 0, MONDAY, new Defined("a", CHECKOUT_FAILS));
    given("b", 0, MONDAY, new Defined("b", TOO_QUIET));
    given("a", 1, TUESDAY, new Paused("a"));
    given("b", 1, TUESDAY, new Retired("b"));
    var before = rows("alert_rule");
    jdbc().update("UPDATE alert_rule SET state = 'ACTIVE'");
    replay("alert-rules");
    assertThat(rows("alert_rule")).isEqualTo(before).hasSize(2);
  }

  @Test
  void leavesTheRulesAloneWhenAnotherProjectionIsReplayed() {
    given("a", 0, MONDAY, new Defined("a", CHECKOUT_FAILS));
    given("a", 1, TUESDAY, new Paused("a"));
    untilTakenIn();
    jdbc().update("UPDATE alert_rule SET since = '2001-01-01'");
    replay("incidents");
    assertThat(rule("a").orElseThrow().since()).isEqualTo("2001-01-01T00:00:00Z");
  }

  @Test
  void answersOverHttp() {
    given("checkout-fails", 0, MONDAY, new Defined("checkout-fails", CHECKOUT_FAILS));
    MvcTestResult answer = whenGet("/alert-rules");
    assertThat(answer).hasStatusOk().headers().hasValue("Cache-Control", "no-store");
    String rule =
        """
        {"ruleId":"checkout-fails","rule":{"name":"Checkout fails",\
        "scope":{"source":"shop","route":"/orders/{id}","method":"*"},\
        "measure":"SERVER_ERROR_SHARE","status":null,"windowMinutes":5,"opensAt":0.05,\
        "closesAt":0.02,"minimumRequests":100,"opensAfterMinutes":2,"closesAfterMinutes":5,\
        "escalatesAfterMinutes":15,\
        "tell":[{"kind":"WEBHOOK","url":"https://hooks.example.org/logfold"}]},\
        "state":"ACTIVE","since":"2026-11-23T08:00:00.123Z","changedAt":"2026-11-23T08:00:00.123Z"}""";
    assertThat(answer).bodyText().isEqualTo("{\"rules\":[" + rule + "]}");
    assertThat(whenGet("/alert-rules/checkout-fails")).hasStatusOk().bodyText().isEqualTo(rule);
  }

  @Test
  void answersAProblemWhereThereIsNoSuchRule() {
    MvcTestResult answer = whenGet("/alert-rules/nope");
    assertThat(answer).hasStatus(404).hasContentType("application/problem+json");
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.detail")
        .isEqualTo("There is no such alert rule.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"retired=yes", "retired=1", "retired=TRUE", "retired=true&retired=true"})
  void refusesAFlagThatIsNone(String query) {
    MvcTestResult answer = whenGet("/alert-rules?" + query);
    assertThat(answer).hasStatus(400).hasContentType("application/problem+json");
    assertThat(answer).bodyJson().extractingPath("$.parameter").isEqualTo("retired");
    assertThat(answer).bodyJson().extractingPath("$.detail").asString().contains("expected");
  }

  @Test
  void refusesAParameterThatThereIsNot() {
    assertThat(whenGet("/alert-rules?state=active"))
        .hasStatus(400)
        .bodyJson()
        .extractingPath("$.detail")
        .isEqualTo("There is no parameter 'state'; there are [retired].");
  }

  private Optional<AlertRuleReport> rule(String id) {
    return when(new FindAlertRule(id), ResponseTypes.optionalInstanceOf(AlertRuleReport.class));
  }

  private List<AlertRuleReport> rules(boolean retired) {
    return when(
        new FindAlertRules(retired), ResponseTypes.multipleInstancesOf(AlertRuleReport.class));
  }
}
