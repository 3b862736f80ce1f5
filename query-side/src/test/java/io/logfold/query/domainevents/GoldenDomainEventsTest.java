package io.logfold.query.domainevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.alerts.AlertRuleEvent;
import io.logfold.api.alerts.AlertRuleReport;
import io.logfold.api.alerts.FindAlertRule;
import io.logfold.api.alerts.ThresholdEvent;
import io.logfold.api.incidents.FindIncident;
import io.logfold.api.incidents.IncidentHistory;
import io.logfold.api.incidents.IncidentHistory.Entry;
import io.logfold.api.incidents.IncidentHistory.What;
import io.logfold.api.incidents.IncidentReport;
import io.logfold.query.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * What every release told of rules and incidents is in today's answers. The golden events of a
 * revision are the life of one rule, or of one incident; each of them takes its place in it once.
 */
class GoldenDomainEventsTest extends DomainEventsTest {

  private static final String RULE = "checkout-fails";
  private static final String INCIDENT = "5f0e7b1c-4c39-3d5f-9f6b-2a4a3c7a1b0d";

  @Autowired private KafkaMessageConverter<String, byte[]> converter;

  static List<Golden> rules() {
    return Golden.of("AlertRuleEvent.");
  }

  static List<Golden> incidents() {
    return Golden.of("IncidentEvent.");
  }

  static List<Golden> thresholds() {
    return Golden.of("ThresholdEvent.");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void answersWithARuleOfEveryRevision(Golden golden) {
    lifeWith(golden, rules()).forEach(event -> givenRecord(event.record()));
    AlertRuleReport rule =
        when(new FindAlertRule(RULE), ResponseTypes.optionalInstanceOf(AlertRuleReport.class))
            .orElseThrow();
    assertThat(rule.state()).isEqualTo(AlertRuleReport.State.RETIRED);
    assertThat(rule.rule())
        .isEqualTo(newest(rules(), "Changed").reads(AlertRuleEvent.Changed.class).rule());
  }

  @ParameterizedTest
  @MethodSource("incidents")
  void answersWithAnIncidentOfEveryRevision(Golden golden) {
    lifeWith(golden, incidents()).forEach(event -> givenRecord(event.record()));
    assertIsTheWholeLife();
  }

  void assertIsTheWholeLife() {
    IncidentHistory history =
        when(new FindIncident(INCIDENT), ResponseTypes.optionalInstanceOf(IncidentHistory.class))
            .orElseThrow();
    assertThat(history.timeline())
        .extracting(Entry::what)
        .containsExactly(
            What.OPENED,
            What.WORSENED,
            What.ACKNOWLEDGED,
            What.ESCALATED,
            What.RESOLVED,
            What.REOPENED);
    assertThat(history.timeline())
        .extracting(Entry::value)
        .containsExactly(60.0, 95.0, null, 95.0, null, 70.0);
    assertThat(history.timeline().get(2))
        .returns("ann", Entry::who)
        .returns("looking at it", Entry::text);
    assertThat(history.incident().state()).isEqualTo(IncidentReport.State.OPEN);
  }

  /** They are the write side's to take in; what this side has not told yet it must read, too. */
  @ParameterizedTest
  @MethodSource("thresholds")
  void readsAFindingOfEveryRevision(Golden golden) {
    Object payload = converter.readKafkaMessage(golden.record()).orElseThrow().getPayload();
    assertThat(payload).isEqualTo(golden.reads(payload.getClass()));
    assertThat(payload).isInstanceOf(ThresholdEvent.class);
  }

  /** The newest of each event, and this in place of its own kind's. */
  List<Golden> lifeWith(Golden golden, List<Golden> all) {
    Map<String, Golden> byEvent = new TreeMap<>();
    all.forEach(each -> byEvent.put(each.event(), each));
    byEvent.put(golden.event(), golden);
    List<Golden> life = new ArrayList<>(byEvent.values());
    life.sort(java.util.Comparator.comparing(GoldenDomainEventsTest::sequence));
    return life;
  }

  private static String sequence(Golden golden) {
    return java.util.HexFormat.of()
        .formatHex(golden.headers().lastHeader("axon-message-aggregate-seq").value());
  }

  private static Golden newest(List<Golden> all, String event) {
    return all.stream()
        .filter(each -> each.event().endsWith(event))
        .collect(
            Collectors.collectingAndThen(
                Collectors.toList(), found -> found.get(found.size() - 1)));
  }
}
