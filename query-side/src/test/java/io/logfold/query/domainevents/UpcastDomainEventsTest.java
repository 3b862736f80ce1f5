package io.logfold.query.domainevents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logfold.api.incidents.IncidentEvent;
import io.logfold.query.Golden;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** With a revision 0 that there never was, in which an incident was acknowledged "by" somebody. */
@Import(UpcastDomainEventsTest.Upcasters.class)
class UpcastDomainEventsTest extends GoldenDomainEventsTest {

  @TestConfiguration
  static class Upcasters {

    @Bean
    EventUpcaster whoOfBy() {
      return new WhoOfBy();
    }
  }

  private static final class WhoOfBy extends SingleEventUpcaster {

    private static final String EVENT = IncidentEvent.Acknowledged.class.getName();

    @Override
    protected boolean canUpcast(IntermediateEventRepresentation event) {
      return event.getType().equals(new SimpleSerializedType(EVENT, "0"));
    }

    @Override
    protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
      return event.upcastPayload(
          new SimpleSerializedType(EVENT, "1"), JsonNode.class, WhoOfBy::upcast);
    }

    private static JsonNode upcast(JsonNode event) {
      ObjectNode acknowledged = (ObjectNode) event;
      acknowledged.set("who", acknowledged.remove("by"));
      return acknowledged;
    }
  }

  @Test
  void answersWithAnEventOfAnOldRevisionAsItsUpcasterSays() {
    for (Golden golden : lifeWith(incidents().get(0), incidents())) {
      givenRecord(golden.event().endsWith("Acknowledged") ? ofRevision0(golden) : golden.record());
    }
    assertIsTheWholeLife();
  }

  private static org.apache.kafka.clients.consumer.ConsumerRecord<String, byte[]> ofRevision0(
      Golden golden) {
    String today = new String(golden.value(), UTF_8);
    String old = today.replace("\"who\":", "\"by\":");
    assertThat(old).isNotEqualTo(today);
    return golden.record(golden.headersOfRevision("0"), old.getBytes(UTF_8));
  }
}
