package io.logfold.command.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.command.Golden;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.Revision;
import org.axonframework.serialization.json.JacksonSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the receiver writes today is, byte for byte, what the newest golden records hold. */
class GoldenLogsTest {

  private final LogRecordConverter converter =
      new LogRecordConverter(
          JacksonSerializer.builder()
              .objectMapper(
                  JsonMapper.builder()
                      .addModule(new JavaTimeModule())
                      .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                      .defaultPropertyInclusion(
                          JsonInclude.Value.construct(
                              JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                      .build())
              .build());

  static List<Golden> ofToday() {
    return Stream.of(LogReceived.class, LogsRejected.class)
        .flatMap(
            event ->
                Golden.of(event.getSimpleName()).stream()
                    .filter(
                        golden ->
                            golden
                                .revision()
                                .matches(event.getAnnotation(Revision.class).value() + "(-.*)?")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("ofToday")
  void writesTheBytesThatWereReleased(Golden golden) {
    ProducerRecord<String, byte[]> written =
        converter.createKafkaMessage(
            new GenericEventMessage<>(
                header(golden.headers(), "axon-message-id"),
                golden.event().equals("LogReceived")
                    ? golden.reads(LogReceived.class)
                    : golden.reads(LogsRejected.class),
                MetaData.emptyInstance(),
                Instant.ofEpochMilli(
                    ByteBuffer.wrap(golden.headers().lastHeader("axon-message-timestamp").value())
                        .getLong())),
            "golden");
    assertThat(written.value()).asString().isEqualTo(new String(golden.value(), UTF_8));
    assertThat(written.key()).isEqualTo(golden.key());
    assertThat(written.headers().toArray()).containsExactlyInAnyOrder(golden.headers().toArray());
  }

  private static String header(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), UTF_8);
  }
}
