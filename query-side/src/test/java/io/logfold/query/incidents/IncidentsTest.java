package io.logfold.query.incidents;

import static io.logfold.query.Alerts.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.logfold.api.alerts.Measure;
import io.logfold.api.incidents.FindIncident;
import io.logfold.api.incidents.FindIncidents;
import io.logfold.api.incidents.IncidentEvent.Acknowledged;
import io.logfold.api.incidents.IncidentEvent.Escalated;
import io.logfold.api.incidents.IncidentEvent.Opened;
import io.logfold.api.incidents.IncidentEvent.Reopened;
import io.logfold.api.incidents.IncidentEvent.Resolved;
import io.logfold.api.incidents.IncidentEvent.Worsened;
import io.logfold.api.incidents.IncidentHistory;
import io.logfold.api.incidents.IncidentHistory.Entry;
import io.logfold.api.incidents.IncidentHistory.What;
import io.logfold.api.incidents.IncidentList;
import io.logfold.api.incidents.IncidentReport;
import io.logfold.api.incidents.IncidentReport.State;
import io.logfold.api.incidents.Resolution;
import io.logfold.query.Alerts;
import io.logfold.query.domainevents.DomainEventsTest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class IncidentsTest extends DomainEventsTest {

  @Test
  void showsAnOpenedIncidentAndHowItBegan() {
    givenOpened("i", minute(0), 0.31);
    assertThat(history("i"))
        .isEqualTo(
            new IncidentHistory(
                new IncidentReport(
                    "i",
                    "checkout-fails",
                    "Checkout fails",
                    Alerts.checkoutFails(minute(0), 0.31).scope(),
                    Measure.SERVER_ERROR_SHARE,
                    State.OPEN,
                    minute(0),
                    null,
                    0.05,
                    0.31,
                    null),
                List.of(new Entry(0, noticed(0), What.OPENED, minute(0), 0.31, null, null))));
  }

  @Test
  void showsTheWorstValueOfAWorsenedIncident() {
    givenOpened("i", minute(0), 0.31);
    given("i", 1, noticed(1), new Worsened("i", Alerts.checkoutFails(minute(1), 0.62)));
    given("i", 2, noticed(2), new Worsened("i", Alerts.checkoutFails(minute(2), 0.5)));
    assertThat(incident("i").worst()).isEqualTo(0.62);
    assertThat(incident("i").state()).isEqualTo(State.OPEN);
    assertThat(history("i").timeline()).extracting(Entry::value).containsExactly(0.31, 0.62, 0.5);
  }

  @Test
  void takesTheLowestValueForTheWorstWhereTheThresholdIsCrossedDownwards() {
    given("i", 0, noticed(0), new Opened("i", Alerts.tooQuiet(minute(0), 4)));
    given("i", 1, noticed(1), new Worsened("i", Alerts.tooQuiet(minute(1), 1.5)));
    given("i", 2, noticed(2), new Worsened("i", Alerts.tooQuiet(minute(2), 2)));
    assertThat(incident("i").worst()).isEqualTo(1.5);
  }

  @Test
  void showsWhoLooksAfterAnIncident() {
    givenOpened("i", minute(0), 0.31);
    given("i", 1, noticed(1), new Acknowledged("i", "ann", "looking at it"));
    assertThat(incident("i").state()).isEqualTo(State.ACKNOWLEDGED);
    assertThat(incident("i").acknowledgedBy()).isEqualTo("ann");
    assertThat(last("i"))
        .isEqualTo(new Entry(1, noticed(1), What.ACKNOWLEDGED, null, null, "ann", "looking at it"));
  }

  @Test
  void showsNoTextWhereNobodyNotedAnything() {
    givenOpened("i", minute(0), 0.31);
    given("i", 1, noticed(1), new Acknowledged("i", "ann", ""));
    assertThat(last("i").text()).isNull();
  }

  @Test
  void showsThatAnIncidentWasEscalatedAndLeavesItOpen() {
    givenOpened("i", minute(0), 0.31);
    given("i", 1, noticed(1), new Escalated("i", Alerts.checkoutFails(minute(3), 0.4), minute(0)));
    assertThat(incident("i").state()).isEqualTo(State.OPEN);
    assertThat(incident("i").worst()).isEqualTo(0.4);
    assertThat(last("i"))
        .isEqualTo(new Entry(1, noticed(1), What.ESCALATED, minute(3), 0.4, null, null));
  }

  @Test
  void showsSinceWhenAResolvedIncidentIsOverAndWhy() {
    givenOpened("i", minute(0), 0.31);
    given("i", 1, noticed(1), new Acknowledged("i", "ann", ""));
    given("i", 2, noticed(9), resolved("i", minute(8), Resolution.RULE_PAUSED));
    assertThat(incident("i").state()).isEqualTo(State.RESOLVED);
    assertThat(incident("i").until()).isEqualTo(minute(8));
    assertThat(incident("i").worst()).isEqualTo(0.7);
    assertThat(incident("i").acknowledgedBy()).isEqualTo("ann");
    assertThat(last("i"))
        .isEqualTo(new Entry(2, noticed(9), What.RESOLVED, minute(8), null, null, "RULE_PAUSED"));
  }

  @Test
  void showsAReopenedIncidentAsOpenToAllAgain() {
    givenOpened("i", minute(0), 0.31);
    given("i", 1, noticed(1), new Acknowledged("i", "ann", ""));
    given("i", 2, noticed(9), resolved("i", minute(8), Resolution.CLEARED));
    given("i", 3, noticed(12), new Reopened("i", Alerts.checkoutFails(minute(11), 0.9)));
    IncidentReport incident = incident("i");
    assertThat(incident.state()).isEqualTo(State.OPEN);
    assertThat(incident.since()).isEqualTo(minute(0));
    assertThat(incident.until()).isNull();
    assertThat(incident.worst()).isEqualTo(0.9);
    assertThat(incident.acknowledgedBy()).isNull();
    assertThat(last("i"))
        .isEqualTo(new Entry(3, noticed(12), What.REOPENED, minute(11), 0.9, null, null));
  }

  @Test
  void changesNothingWhenEventsAreDeliveredAgain() {
    givenWholeLife("i");
    IncidentHistory before = history("i");
    givenWholeLife("i");
    givenWholeLife("i");
    assertThat(history("i")).isEqualTo(before);
    assertThat(before.timeline())
        .extracting(Entry::what)
        .containsExactly(
            What.OPENED,
            What.WORSENED,
            What.ACKNOWLEDGED,
            What.ESCALATED,
            What.RESOLVED,
            What.REOPENED);
  }

  @Test
  void ignoresAnOlderEventAfterANewerOne() {
    givenOpened("i", minute(0), 0.31);
    given("i", 2, noticed(9), resolved("i", minute(8), Resolution.CLEARED));
    given("i", 1, noticed(1), new Acknowledged("i", "ann", ""));
    assertThat(incident("i").state()).isEqualTo(State.RESOLVED);
    assertThat(history("i").timeline()).hasSize(2);
  }

  @Test
  void ignoresWhatHappenedToAnIncidentOfWhichNothingIsKnown() {
    given("i", 1, noticed(1), new Acknowledged("i", "ann", ""));
    assertThat(find(null, null, null).incidents()).isEmpty();
    assertThat(rows("incident_entry")).isEmpty();
  }

  @Test
  void answersTheSameAfterAReplay() {
    givenWholeLife("i");
    givenOpened("j", minute(5), 0.1);
    var incidents = rows("incident");
    var entries = rows("incident_entry");
    jdbc().update("UPDATE incident SET worst = 1, last_sequence = 99");
    jdbc().update("DELETE FROM incident_entry WHERE sequence = 2");
    replay("incidents");
    assertThat(rows("incident")).isEqualTo(incidents).hasSize(2);
    assertThat(rows("incident_entry")).isEqualTo(entries).hasSize(7);
  }

  @Test
  void listsTheNewestFirstThenById() {
    givenOpened("b", minute(1), 0.1);
    givenOpened("a", minute(1), 0.1);
    givenOpened("c", minute(0), 0.1);
    givenOpened("d", minute(2), 0.1);
    assertThat(ids(find(null, null, null))).containsExactly("d", "b", "a", "c");
    IncidentList two = when(new FindIncidents(null, null, null, 2), IncidentList.class);
    assertThat(ids(two)).containsExactly("d", "b");
    assertThat(two.total()).isEqualTo(4);
    assertThat(two.asOf()).isEqualTo(Alerts.NOW);
  }

  @Test
  void listsByState() {
    givenOpened("open", minute(2), 0.1);
    givenOpened("acknowledged", minute(1), 0.1);
    given("acknowledged", 1, noticed(1), new Acknowledged("acknowledged", "ann", ""));
    givenOpened("resolved", minute(0), 0.1);
    given("resolved", 1, noticed(1), resolved("resolved", minute(1), Resolution.CLEARED));
    for (State state : State.values()) {
      IncidentList found = find(state, null, null);
      assertThat(ids(found)).containsExactly(state.name().toLowerCase(java.util.Locale.ROOT));
      assertThat(found.total()).isEqualTo(1);
    }
  }

  @Test
  void listsWhatWasOpenAtSomeTimeBetween() {
    givenOpened("early", minute(0), 0.1);
    given("early", 1, noticed(9), resolved("early", minute(4), Resolution.CLEARED));
    givenOpened("long", minute(1), 0.1);
    givenOpened("late", minute(8), 0.1);
    assertThat(ids(find(null, minute(4), null))).containsExactly("late", "long", "early");
    assertThat(ids(find(null, minute(4).plusMillis(1), null))).containsExactly("late", "long");
    assertThat(ids(find(null, null, minute(1)))).containsExactly("long", "early");
    assertThat(ids(find(null, null, minute(1).minusMillis(1)))).containsExactly("early");
    assertThat(ids(find(null, minute(5), minute(7)))).containsExactly("long");
    assertThat(ids(find(State.RESOLVED, minute(5), minute(7)))).isEmpty();
  }

  @Test
  void answersOverHttp() {
    String id = "3b241101-e2bb-4255-8caf-4136c566a962";
    givenOpened(id, minute(0), 0.31);
    given(id, 1, noticed(1), new Acknowledged(id, "ann", "looking at it"));
    String incident =
        """
        {"incidentId":"3b241101-e2bb-4255-8caf-4136c566a962","ruleId":"checkout-fails","ruleName":"Checkout fails",\
        "scope":{"source":"shop","route":"/orders/{id}","method":"POST"},\
        "measure":"SERVER_ERROR_SHARE","state":"ACKNOWLEDGED","since":"2026-11-24T10:41:00Z",\
        "until":null,"opensAt":0.05,"worst":0.31,"acknowledgedBy":"ann"}""";
    MvcTestResult list =
        whenGet("/incidents?state=acknowledged&from=2026-11-24T10:00:00Z&limit=10");
    assertThat(list).hasStatusOk().headers().hasValue("Cache-Control", "no-store");
    assertThat(list)
        .bodyText()
        .isEqualTo(
            "{\"incidents\":[" + incident + "],\"total\":1,\"asOf\":\"" + Alerts.NOW + "\"}");
    assertThat(whenGet("/incidents/" + id))
        .hasStatusOk()
        .bodyText()
        .isEqualTo(
            "{\"incident\":"
                + incident
                + """
                ,"timeline":[{"sequence":0,"at":"2026-11-24T10:41:10.456Z","what":"OPENED",\
                "minute":"2026-11-24T10:41:00Z","value":0.31,"who":null,"text":null},\
                {"sequence":1,"at":"2026-11-24T10:42:10.456Z","what":"ACKNOWLEDGED",\
                "minute":null,"value":null,"who":"ann","text":"looking at it"}]}""");
  }

  @Test
  void answersAProblemWhereThereIsNoSuchIncident() {
    MvcTestResult answer = whenGet("/incidents/nope");
    assertThat(answer).hasStatus(404).hasContentType("application/problem+json");
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.detail")
        .isEqualTo("There is no such incident.");
  }

  static Stream<Arguments> badValues() {
    String time = "expected an RFC 3339 time such as 2025-06-10T10:41:40Z";
    String limit = "expected a whole number from 1 to 1000";
    return Stream.of(
        arguments("state", "closed", "expected one of open, acknowledged, resolved"),
        arguments("state", "0", "expected one of open, acknowledged, resolved"),
        arguments("from", "yesterday", time),
        arguments("to", "2026-11-24", time),
        arguments("limit", "0", limit),
        arguments("limit", "1001", limit),
        arguments("limit", "ten", limit));
  }

  @ParameterizedTest
  @MethodSource("badValues")
  void refusesAValueThatMakesNoSense(String name, String value, String expected) {
    assertProblem(whenGet("/incidents?" + name + "={value}", value), name, expected);
  }

  @ParameterizedTest
  @CsvSource({
    "offset, offset=1, 'there are [from, limit, state, to]'",
    "state, state=open&state=open, 'stands 2 times, expected once'",
    "from, from=2026-11-24T10:00:00Z&to=2026-11-24T09:00:00Z, is after 'to'"
  })
  void refusesAQuestionThatMakesNoSense(String name, String query, String expected) {
    assertProblem(whenGet("/incidents?" + query), name, expected);
  }

  private static void assertProblem(MvcTestResult answer, String parameter, String expected) {
    assertThat(answer).hasStatus(400).hasContentType("application/problem+json");
    assertThat(answer).bodyJson().extractingPath("$.parameter").isEqualTo(parameter);
    assertThat(answer).bodyJson().extractingPath("$.detail").asString().contains(expected);
  }

  private void givenOpened(String id, Instant minute, double share) {
    given(id, 0, minute.plusMillis(10_456), new Opened(id, Alerts.checkoutFails(minute, share)));
  }

  private void givenWholeLife(String id) {
    givenOpened(id, minute(0), 0.31);
    given(id, 1, noticed(1), new Worsened(id, Alerts.checkoutFails(minute(1), 0.7)));
    given(id, 2, noticed(2), new Acknowledged(id, "ann", "on it"));
    given(id, 3, noticed(3), new Escalated(id, Alerts.checkoutFails(minute(1), 0.7), minute(0)));
    given(id, 4, noticed(9), resolved(id, minute(8), Resolution.CLEARED));
    given(id, 5, noticed(12), new Reopened(id, Alerts.checkoutFails(minute(11), 0.2)));
  }

  private static Resolved resolved(String id, Instant until, Resolution resolution) {
    return new Resolved(id, Alerts.checkoutFails(minute(1), 0.7), minute(0), until, resolution);
  }

  private static Instant minute(int number) {
    return MINUTE.plusSeconds(60L * number);
  }

  /** A while after the minute, by the clock of whoever noticed. */
  private static Instant noticed(int minute) {
    return minute(minute).plusMillis(10_456);
  }

  private IncidentHistory history(String id) {
    Optional<IncidentHistory> found =
        when(new FindIncident(id), ResponseTypes.optionalInstanceOf(IncidentHistory.class));
    return found.orElseThrow();
  }

  private IncidentReport incident(String id) {
    return history(id).incident();
  }

  private Entry last(String id) {
    List<Entry> timeline = history(id).timeline();
    return timeline.get(timeline.size() - 1);
  }

  private IncidentList find(@Nullable State state, @Nullable Instant from, @Nullable Instant to) {
    return when(new FindIncidents(state, from, to, 50), IncidentList.class);
  }

  private static List<String> ids(IncidentList list) {
    return list.incidents().stream().map(IncidentReport::incidentId).toList();
  }
}
