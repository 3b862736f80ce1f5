package io.logfold.command.incidents;

import static io.logfold.command.Alarms.minute;
import static io.logfold.command.Alarms.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logfold.api.alerts.AlertRuleCommand;
import io.logfold.api.alerts.Evidence;
import io.logfold.api.alerts.ThresholdEvent;
import io.logfold.api.alerts.ThresholdEvent.Crossed;
import io.logfold.api.incidents.IncidentCommand;
import io.logfold.command.AggregatesOverHttp;
import io.logfold.command.Alarms;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Findings, their saga, its deadlines and its incident on a real database; only Kafka is away. */
class IncidentsTest extends AggregatesOverHttp {

  @Autowired ThresholdInbox inbox;
  @Autowired CommandGateway commands;
  @Autowired PlatformTransactionManager transactions;

  private final String rule = "rule-" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeEach
  void defineTheRule() {
    commands.sendAndWait(new AlertRuleCommand.Define(rule, rule()));
  }

  @Test
  void opensAnIncidentAndResolvesItWhenItStaysCleared() {
    Crossed first = crossed(0, 0.1);
    found(first);
    found(new ThresholdEvent.Cleared(rule, first.scope(), minute(2), 0.01, 1100));

    await()
        .untilAsserted(
            () -> assertThat(events(incident(first))).containsExactly("Opened", "Resolved"));
  }

  @Test
  void takesEachFindingOnceAndNothingOlder() {
    found(crossed(5, 0.1));
    found(crossed(5, 0.1));
    found(crossed(4, 0.9));
    found(crossed(6, 0.2));

    await()
        .untilAsserted(
            () ->
                assertThat(events(incident(crossed(5, 0.1))))
                    .containsExactly("Opened", "Worsened"));
    assertThat(events(incident(crossed(4, 0.9)))).isEmpty();
    assertThat(stored(rule)).isEqualTo(2);
  }

  /** Neither is a finding remembered whose transaction failed. */
  @Test
  void remembersAFindingOnlyWithItsEvent() {
    Crossed first = crossed(0, 0.1);
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            status -> {
              inbox.on(first, new GenericEventMessage<>(first));
              status.setRollbackOnly();
            });
    assertThat(stored(rule)).isZero();

    found(first);

    await().untilAsserted(() -> assertThat(events(incident(first))).containsExactly("Opened"));
  }

  @Test
  void isAcknowledgedOverHttp() {
    Crossed first = crossed(0, 0.1);
    found(first);
    String id = incident(first);
    await().untilAsserted(() -> assertThat(events(id)).containsExactly("Opened"));
    String path = "/incidents/" + id + "/acknowledge";

    assertThat(send("POST", path, "{\"who\":\"ann\",\"note\":\"mine\"}").statusCode())
        .isEqualTo(204);
    assertThat(send("POST", path, "{\"who\":\"ann\",\"note\":\"mine\"}").statusCode())
        .isEqualTo(204);
    assertProblem(send("POST", path, "{\"who\":\"\"}"), 422, "invalid");
    assertProblem(send("POST", path, "{\"whom\":\"ann\"}"), 422, "invalid");
    assertProblem(send("POST", path, "ann"), 400, "bad-json");
    assertThat(events(id)).containsExactly("Opened", "Acknowledged");

    send("DELETE", "/alert-rules/" + rule, "");
    await().untilAsserted(() -> assertThat(events(id)).endsWith("Resolved"));
    assertProblem(send("POST", path, "{\"who\":\"bob\"}"), 409, "incident-resolved");
  }

  @Test
  void knowsOnlyIncidentsThatWereOpened() {
    String body = "{\"who\":\"ann\"}";
    assertProblem(
        send("POST", "/incidents/" + UUID.randomUUID() + "/acknowledge", body), 404, "not-found");
    assertProblem(send("POST", "/incidents/" + rule + "/acknowledge", body), 404, "not-found");
  }

  @Test
  void makesASnapshotOfALongIncident() {
    Crossed first = crossed(0, 0.1);
    String id = incident(first);
    commands.sendAndWait(new IncidentCommand.Open(id, first));
    for (int i = 0; i < 60; i++) {
      commands.sendAndWait(new IncidentCommand.Acknowledge(id, "ann", "note " + i));
    }

    await().untilAsserted(() -> assertThat(snapshots(id)).isOne());
    commands.sendAndWait(new IncidentCommand.Acknowledge(id, "ann", "note 59"));
    assertThat(events(id)).hasSize(61);
  }

  private void found(ThresholdEvent event) {
    new TransactionTemplate(transactions)
        .executeWithoutResult(status -> inbox.on(event, new GenericEventMessage<>(event)));
  }

  private Crossed crossed(int minute, double value) {
    return new Crossed(rule, rule(), Alarms.SHOP, minute(minute), value, 1200, Evidence.NONE);
  }

  private static String incident(Crossed crossing) {
    return Alarms.incidentOf(crossing);
  }

  private int stored(String ruleId) {
    Integer count =
        database.queryForObject(
            "select count(*) from domain_event_entry where payload_type like '%ThresholdEvent%' and position(? in utf8tostring(payload)) > 0",
            Integer.class, ruleId);
    return count == null ? 0 : count;
  }

  private int snapshots(String id) {
    Integer count =
        database.queryForObject(
            "select count(*) from snapshot_event_entry where aggregate_identifier = ?",
            Integer.class,
            id);
    return count == null ? 0 : count;
  }
}
