package io.logfold.command.incidents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logfold.api.alerts.AlertRuleCommand;
import io.logfold.api.alerts.ThresholdEvent;
import io.logfold.api.alerts.ThresholdEvent.Cleared;
import io.logfold.api.alerts.ThresholdEvent.Crossed;
import io.logfold.command.AggregatesOverHttp;
import io.logfold.command.Alarms;
import io.logfold.command.Golden;
import java.util.List;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What every release found opens and resolves incidents today. */
class GoldenThresholdsTest extends AggregatesOverHttp {

  @Autowired private ThresholdInbox inbox;
  @Autowired private CommandGateway commands;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private Configuration axon;

  @Autowired
  @Qualifier("eventSerializer")
  private Serializer serializer;

  private final String rule = "golden-" + UUID.randomUUID().toString().substring(0, 8);

  static List<Golden> crossed() {
    return Golden.of("ThresholdEvent.Crossed");
  }

  static List<Golden> cleared() {
    return Golden.of("ThresholdEvent.Cleared");
  }

  @ParameterizedTest
  @MethodSource("crossed")
  void opensAnIncidentForACrossingOfEveryRevision(Golden golden) {
    Crossed crossing = found(golden, Crossed.class);
    assertThat(crossing.evidence()).isEqualTo(golden.reads(Crossed.class).evidence());
    await()
        .untilAsserted(
            () -> assertThat(events(Alarms.incidentOf(crossing))).containsExactly("Opened"));
  }

  @ParameterizedTest
  @MethodSource("cleared")
  void resolvesAnIncidentForAClearingOfEveryRevision(Golden golden) {
    Crossed crossing = found(crossed().get(0), Crossed.class);
    found(golden, Cleared.class);
    await()
        .untilAsserted(
            () ->
                assertThat(events(Alarms.incidentOf(crossing)))
                    .containsExactly("Opened", "Resolved"));
  }

  @Test
  void hasAGoldenFindingOfEachKind() {
    assertThat(crossed()).isNotEmpty();
    assertThat(cleared()).isNotEmpty();
  }

  /** About a rule of this test's own. */
  private <T extends ThresholdEvent> T found(Golden golden, Class<T> type) {
    byte[] value =
        new String(golden.value(), UTF_8).replace("checkout-fails", rule).getBytes(UTF_8);
    T event =
        type.cast(
            ThresholdsConfiguration.converter(axon, serializer)
                .readKafkaMessage(golden.record(value))
                .orElseThrow()
                .getPayload());
    if (event instanceof Crossed crossing) {
      commands.sendAndWait(new AlertRuleCommand.Define(rule, crossing.rule()));
    }
    new TransactionTemplate(transactions)
        .executeWithoutResult(status -> inbox.on(event, new GenericEventMessage<>(event)));
    return event;
  }
}
