package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.api.ingest.RejectedLine;
import io.logfold.api.ingest.RequestId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.extensions.kafka.eventhandling.DefaultKafkaMessageConverter;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.json.JacksonSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The extension's own converter is the measure of ours. */
class LogRecordConverterTest {

  private static final Instant NOW = Instant.parse("2026-11-23T14:21:26.123Z");
  private static final String[] LETTERS = {
    "a",
    "Z",
    "0",
    "/",
    "?",
    " ",
    "\"",
    "\\",
    "\b",
    "\f",
    "\n",
    "\r",
    "\t",
    "\u0000",
    "\u001f",
    "\u007f",
    "\u0080",
    "\u00e9",
    "\u07ff",
    "\u0800",
    "\u2028",
    "\uffff",
    "\ud83d\ude00"
  };

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final JacksonSerializer serializer =
      JacksonSerializer.builder()
          .objectMapper(
              JsonMapper.builder()
                  .addModule(new JavaTimeModule())
                  .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                  .defaultPropertyInclusion(
                      JsonInclude.Value.construct(
                          JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                  .build())
          .build();
  private final LogRecordConverter ours = new LogRecordConverter(serializer);
  private final DefaultKafkaMessageConverter stock =
      DefaultKafkaMessageConverter.builder()
          .serializer(serializer)
          .sequencingPolicy(
              event ->
                  ((EventMessage<?>) event).getPayload() instanceof LogReceived log
                      ? new RequestId(log.request()).stream()
                      : "rejecting")
          .build();

  @BeforeEach
  void tellTheSeed() {
    System.out.println("Seed of the random logs: " + seed);
  }

  @Test
  void writesRandomLogsAsTheExtensionDoes() {
    LogRecordConverter.Batch batch = ours.batch("logs");
    for (int i = 0; i < 5_000; i++) {
      EventMessage<?> event = event(randomLog(), MetaData.emptyInstance());
      assertSame(batch.record(event), stock.createKafkaMessage(event, "logs"));
    }
  }

  @Test
  void writesWhatTheExtensionReadsBackAsTheSameEvent() {
    for (int i = 0; i < 1_000; i++) {
      EventMessage<?> event = event(randomLog(), MetaData.emptyInstance());
      Optional<EventMessage<?>> read =
          stock.readKafkaMessage(received(ours.createKafkaMessage(event, "logs")));
      assertThat(read)
          .hasValueSatisfying(
              back -> {
                assertThat(back.getPayload()).isEqualTo(event.getPayload());
                assertThat(back.getIdentifier()).isEqualTo(event.getIdentifier());
                assertThat(back.getTimestamp()).isEqualTo(event.getTimestamp());
              });
    }
  }

  static Stream<EventMessage<?>> unusualEvents() {
    LogReceived log = log("web-1/42", NOW);
    return Stream.of(
        event(log, MetaData.with("traceId", "4bf9")),
        new GenericDomainEventMessage<>("type", "aggregate", 7, log));
  }

  @ParameterizedTest
  @MethodSource("unusualEvents")
  void leavesUnusualEventsToTheExtension(EventMessage<?> event) {
    assertSame(ours.createKafkaMessage(event, "logs"), stock.createKafkaMessage(event, "logs"));
  }

  @Test
  void leavesRejectedLinesToTheExtension() {
    LogsRejected rejected =
        new LogsRejected(
            "rejecting/1",
            null,
            "shop",
            new TreeMap<>(Map.of("bad-ip", 1)),
            List.of(new RejectedLine(3, "bad-ip", "ip is bad.", "x")));
    EventMessage<?> event = event(rejected, MetaData.emptyInstance());
    assertSame(ours.createKafkaMessage(event, "logs"), stock.createKafkaMessage(event, "logs"));
  }

  private void assertSame(
      ProducerRecord<String, byte[]> actual, ProducerRecord<String, byte[]> expected) {
    assertThat(new String(actual.value(), StandardCharsets.UTF_8))
        .isEqualTo(new String(expected.value(), StandardCharsets.UTF_8));
    assertThat(Arrays.equals(actual.value(), expected.value())).isTrue();
    assertThat(actual.headers().toArray()).isEqualTo(expected.headers().toArray());
    assertThat(actual.key()).isEqualTo(expected.key());
    assertThat(actual.topic()).isEqualTo(expected.topic());
    assertThat(actual.partition()).isEqualTo(expected.partition());
    assertThat(actual.timestamp()).isEqualTo(expected.timestamp());
  }

  private static EventMessage<?> event(Object payload, MetaData metaData) {
    return new GenericEventMessage<>("id:7", payload, metaData, NOW);
  }

  private LogReceived randomLog() {
    String request = random.nextBoolean() ? "web-" + random.nextInt(3) + "/42" : "!" + text();
    return new LogReceived(
        request,
        random.nextInt(),
        random.nextBoolean() ? null : "b9d1f06e2c47a385",
        new AccessLog(
            time(),
            text(),
            text(),
            text(),
            random.nextInt(),
            random.nextLong(),
            text(),
            random.nextBoolean() ? null : random.nextLong(),
            maybe(),
            maybe(),
            maybe(),
            maybe(),
            maybe(),
            maybe()));
  }

  /** Of a few seconds, or of any year, with as many digits as may be. */
  private Instant time() {
    return switch (random.nextInt(4)) {
      case 0 -> NOW.plusSeconds(random.nextInt(3));
      case 1 -> Instant.ofEpochMilli(random.nextLong(253_402_300_800_000L));
      case 2 -> NOW.plusNanos(random.nextInt());
      default -> Instant.ofEpochSecond(random.nextLong(-100_000_000_000L, 400_000_000_000L));
    };
  }

  private @Nullable String maybe() {
    return random.nextBoolean() ? null : text();
  }

  private String text() {
    int kinds = random.nextBoolean() ? 5 : LETTERS.length;
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(random.nextInt(10) == 0 ? 2_000 : 40); length > 0; length--) {
      text.append(LETTERS[random.nextInt(kinds)]);
    }
    return text.toString();
  }

  private static LogReceived log(String request, Instant time) {
    return new LogReceived(
        request,
        1,
        null,
        new AccessLog(
            time, "::1", "GET", "/", 200, 0, "s", null, null, null, null, null, null, null));
  }

  private static ConsumerRecord<String, byte[]> received(ProducerRecord<String, byte[]> sent) {
    return new ConsumerRecord<>(
        sent.topic(),
        0,
        0,
        0,
        TimestampType.LOG_APPEND_TIME,
        0,
        0,
        sent.key(),
        sent.value(),
        sent.headers(),
        Optional.empty());
  }
}
