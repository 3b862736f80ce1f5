package io.logfold.query.fold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logfold.api.ingest.LogReceived;
import io.logfold.query.Golden;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * With a revision 0 that there never was, in which latency was in milliseconds: an upcaster is a
 * bean, and then every golden log passes through it, of whatever revision.
 */
@Import(UpcastLogsTest.Upcasters.class)
class UpcastLogsTest extends GoldenLogsTest {

  @TestConfiguration
  static class Upcasters {

    @Bean
    EventUpcaster microsOfMillis() {
      return new MicrosOfMillis();
    }
  }

  private static final class MicrosOfMillis extends SingleEventUpcaster {

    private static final String LOG = LogReceived.class.getName();

    @Override
    protected boolean canUpcast(IntermediateEventRepresentation event) {
      return event.getType().equals(new SimpleSerializedType(LOG, "0"));
    }

    @Override
    protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
      return event.upcastPayload(
          new SimpleSerializedType(LOG, "1"), JsonNode.class, MicrosOfMillis::upcast);
    }

    private static JsonNode upcast(JsonNode event) {
      ObjectNode log = (ObjectNode) event.get("log");
      log.put("latencyMicros", log.remove("latencyMs").asLong() * 1_000);
      return event;
    }
  }

  @ParameterizedTest
  @MethodSource("logs")
  void answersWithALogOfAnOldRevisionAsItsUpcasterSays(Golden golden) {
    String today = new String(golden.value(), UTF_8);
    String old =
        today
            .replace("\"latencyMicros\":971000", "\"latencyMs\":971")
            .replace("\"latencyMicros\":0", "\"latencyMs\":0");
    assertThat(old).isNotEqualTo(today);
    givenRecord(1, golden.headersOfRevision("0"), old.getBytes(UTF_8));
    assertIsInTheAnswers(golden);
  }
}
