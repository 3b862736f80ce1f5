package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.query.Logs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.extensions.kafka.eventhandling.DefaultKafkaMessageConverter;
import org.axonframework.serialization.json.JacksonSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogRecordTest {

  private static final DefaultKafkaMessageConverter CONVERTER =
      DefaultKafkaMessageConverter.builder()
          .serializer(
              JacksonSerializer.builder()
                  .objectMapper(
                      new ObjectMapper()
                          .registerModule(new JavaTimeModule())
                          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS))
                  .build())
          .build();

  private final LogRecord straight = new LogRecord(CONVERTER, false);
  private final LogRecord throughUpcasters = new LogRecord(CONVERTER, true);

  @Test
  void readsEveryLogAsTheExtensionsConverterReadsIt() {
    Random random = Logs.random();
    List<LogReceived> logs = new ArrayList<>();
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      logs.add(randomLog(random));
      records.add(record(i, logs.get(i)));
    }
    List<Arrival> read = straight.read(new LogChunk(records, straight::isLogOfToday));
    assertThat(read).isEqualTo(throughUpcasters.read(new LogChunk(records, none -> false)));
    assertThat(straight.read(new LogChunk(records, none -> false))).isEqualTo(read);
    LogChunk mixed = new LogChunk(records, record -> record.offset() % 3 > 0);
    assertThat(straight.read(mixed)).isEqualTo(read);
    assertThat(mixed.recordAt(1_000).orElseThrow().value()).isEqualTo(records.get(1_000).value());
    assertThat(read).extracting(arrival -> ((ReceivedLog) arrival).event()).isEqualTo(logs);
    assertThat(read).extracting(Arrival::offset).contains(0L, 1_999L).hasSize(2_000);
  }

  /** Each has much in common with the one before, and some are spoilt by a byte. */
  @Test
  void readsPlainLogsAsAParserReadsThem() {
    Random random = Logs.random();
    PlainLog plain = new PlainLog();
    LogReceivedReader parser = new LogReceivedReader();
    LogReceived log = oneLog();
    int readPlainly = 0;
    for (int i = 0; i < 20_000; i++) {
      log = changed(log, random);
      byte[] value = asTheReceiverWrites(log).getBytes(StandardCharsets.UTF_8);
      if (random.nextInt(4) == 0) {
        value[random.nextInt(value.length)] = (byte) random.nextInt(128);
      }
      if (random.nextInt(40) == 0) {
        value = Arrays.copyOf(value, 1 + random.nextInt(value.length));
      }
      LogReceived read = plainlyRead(plain, value);
      if (read != null) {
        readPlainly++;
        assertThat(read).isEqualTo(parser.read(value));
      }
    }
    assertThat(readPlainly).isGreaterThan(14_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"line\":4294967297", "\"line\":01", "\"line\":1.0", "\"line\": 1", "\"line\":"})
  void leavesANumberThatIsNotWrittenPlainlyToTheParser(String line) {
    String written = asTheReceiverWrites(oneLog());
    assertThat(plainlyRead(written)).isEqualTo(oneLog());
    assertThat(plainlyRead(written.replace("\"line\":1", line))).isNull();
  }

  @Test
  void readsRejectedLines() {
    LogsRejected event =
        new LogsRejected("web-1/1", null, "shop", new TreeMap<>(Map.of("bad-line", 2)), List.of());
    assertThat(read(record(0, event)))
        .isEqualTo(new Arrival.Rejection(1, 0, Logs.NOW, event))
        .returns(2L, Arrival::lines);
  }

  @ParameterizedTest
  @CsvSource({
    "2025-06-10T10:41:40Z, 2025-06-10T10:41:40Z",
    "2025-06-10T10:41:40.1Z, 2025-06-10T10:41:40.100Z",
    "2025-06-10T10:41:40.123456Z, 2025-06-10T10:41:40.123456Z",
    "2025-06-10T12:41:40+02:00, 2025-06-10T10:41:40Z",
    "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z",
    "2024-02-29T23:59:59.999Z, 2024-02-29T23:59:59.999Z",
  })
  void readsTheSpellingsOfATime(String written, Instant expected) {
    Arrival read = read(rewritten("2025-06-10T10:41:40Z", written));
    assertThat(((ReceivedLog) read).log().time()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-02-30T10:41:40Z",
        "2025-06-10T24:41:40Z",
        "2025-06-10T10:60:40Z",
        "+99999-06-10T10:41:40Z",
        "1969-12-31T23:59:59Z",
        "yesterday"
      })
  void setsAsideATimeThatIsNone(String written) {
    assertThat(read(rewritten("2025-06-10T10:41:40Z", written)))
        .isInstanceOf(Arrival.Unreadable.class);
  }

  @Test
  void passesOverFieldsOfALaterRelease() {
    Arrival read =
        read(rewritten("\"line\":1", "\"tenant\":{\"a\":[1]},\"line\":1,\"zone\":\"x\""));
    assertThat(read).isInstanceOf(ReceivedLog.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"line\":1 | \"line\":-1",
        "\"line\":1 | \"line\":99999999",
        "\"line\":1 | \"line\":\"one\"",
        "\"request\":\"web-1/1\", |",
        "\"method\":\"GET\", |",
        "\"method\":\"GET\" | \"method\":null",
        "\"status\":200 | \"status\":99",
        "\"status\":200 | \"status\":600",
        "\"latencyMicros\":5000 | \"latencyMicros\":-1",
        "\"log\":{ | \"log\":null,\"was\":{",
        "} |",
      })
  void setsAsideALogThatLacksAFieldOrHoldsWhatCannotBe(String part, String instead) {
    assertThat(read(rewritten(part, instead == null ? "" : instead)))
        .isInstanceOf(Arrival.Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"source", "method", "path", "ip"})
  void setsAsideALogWithAFieldThatIsLongerThanItsColumn(String field) {
    String log = json(oneLog());
    int at = log.indexOf("\"" + field + "\":\"") + field.length() + 4;
    assertThat(read(record(log.substring(0, at) + "x".repeat(2_049) + log.substring(at))))
        .isInstanceOf(Arrival.Unreadable.class);
  }

  @Test
  void setsAsideWhatIsNoEventAndSaysWhy() {
    ConsumerRecord<String, byte[]> foreign =
        consumed(3, new RecordHeaders(), "hello".getBytes(StandardCharsets.UTF_8));
    assertThat(read(foreign))
        .isEqualTo(
            new Arrival.Unreadable(1, 3, Logs.NOW, "it lacks the headers of an event", foreign));
    assertThat(read(consumed(4, headers(), null))).isInstanceOf(Arrival.Unreadable.class);
  }

  private Arrival read(ConsumerRecord<String, byte[]> record) {
    List<ConsumerRecord<String, byte[]>> alone = List.of(record);
    Arrival read = straight.read(new LogChunk(alone, straight::isLogOfToday)).get(0);
    assertThat(throughUpcasters.read(new LogChunk(alone, none -> false)).get(0))
        .hasSameClassAs(read);
    return read;
  }

  private static LogReceived oneLog() {
    return new LogReceived("web-1/1", 1, null, Logs.ok("/a"));
  }

  private static @Nullable LogReceived plainlyRead(String written) {
    return plainlyRead(new PlainLog(), written.getBytes(StandardCharsets.UTF_8));
  }

  /** From within a chunk, where what comes before and after could be taken for a part of it. */
  private static @Nullable LogReceived plainlyRead(PlainLog plain, byte[] value) {
    byte[] chunk = new byte[3 * value.length];
    for (int at = 0; at < chunk.length; at += value.length) {
      System.arraycopy(value, 0, chunk, at, value.length);
    }
    return plain.read(chunk, value.length, 2 * value.length);
  }

  private static String asTheReceiverWrites(LogReceived log) {
    return json(log).replaceAll(",\"\\w+\":null", "");
  }

  private static String json(LogReceived log) {
    return new String(record(0, log).value(), StandardCharsets.UTF_8);
  }

  private static ConsumerRecord<String, byte[]> rewritten(String part, String instead) {
    String json = json(oneLog());
    assertThat(json).contains(part);
    return record(json.replace(part, instead));
  }

  private static ConsumerRecord<String, byte[]> record(String json) {
    return consumed(0, headers(), json.getBytes(StandardCharsets.UTF_8));
  }

  private static Headers headers() {
    return CONVERTER
        .createKafkaMessage(GenericEventMessage.asEventMessage(oneLog()), "t")
        .headers();
  }

  private static ConsumerRecord<String, byte[]> record(long offset, Object event) {
    ProducerRecord<String, byte[]> produced =
        CONVERTER.createKafkaMessage(GenericEventMessage.asEventMessage(event), "t");
    return consumed(offset, produced.headers(), produced.value());
  }

  private static ConsumerRecord<String, byte[]> consumed(
      long offset, Headers headers, byte[] value) {
    return new ConsumerRecord<>(
        "t",
        1,
        offset,
        Logs.NOW.toEpochMilli(),
        TimestampType.LOG_APPEND_TIME,
        0,
        value == null ? -1 : value.length,
        "key",
        value,
        headers,
        Optional.empty());
  }

  private static LogReceived randomLog(Random random) {
    Instant time =
        Instant.ofEpochMilli(Math.floorMod(random.nextLong(), 4_000_000_000_000L))
            .minusNanos(random.nextBoolean() ? 0 : 1_000_000);
    return new LogReceived(
        text(random, 20),
        random.nextInt(10_000),
        random.nextBoolean() ? null : "00000000000000ff",
        new AccessLog(
            time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time,
            text(random, 255),
            text(random, 32),
            text(random, 2_000),
            100 + random.nextInt(500),
            Math.floorMod(random.nextLong(), 86_400_000_000L),
            text(random, 64),
            random.nextBoolean() ? null : Math.floorMod(random.nextLong(), Long.MAX_VALUE),
            maybe(random, 1_024),
            maybe(random, 1_024),
            maybe(random, 255),
            maybe(random, 32),
            maybe(random, 1_024),
            maybe(random, 255)));
  }

  /** The same log but for one field. */
  private static LogReceived changed(LogReceived event, Random random) {
    AccessLog log = event.log();
    int field = random.nextInt(12);
    String text = Integer.toString(random.nextInt(3));
    return new LogReceived(
        field == 0 ? "web-1/" + text : event.request(),
        field == 1 ? random.nextInt(1_000) : event.line(),
        field == 2 ? (random.nextBoolean() ? null : "00000000000000f" + text) : event.body(),
        new AccessLog(
            field == 3 ? log.time().plusMillis(random.nextInt(2_000)) : log.time(),
            field == 4 ? "10.0.0." + text : log.ip(),
            field == 5 ? "PUT" + text : log.method(),
            field == 6 ? "/p/" + text : log.path(),
            field == 7 ? 200 + random.nextInt(300) : log.status(),
            field == 8 ? Math.abs(random.nextLong() % 1_000_000_000L) : log.latencyMicros(),
            log.source(),
            field == 9 ? (random.nextBoolean() ? null : (Long) 12L) : log.bytes(),
            field == 10 ? (random.nextBoolean() ? null : "agent " + text) : log.userAgent(),
            log.referrer(),
            field == 11 ? (random.nextBoolean() ? null : "host" + text) : log.host(),
            log.protocol(),
            log.route(),
            log.traceId()));
  }

  private static String maybe(Random random, int maxLength) {
    return random.nextBoolean() ? null : text(random, maxLength);
  }

  private static String text(Random random, int maxLength) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(maxLength); i > 0; i--) {
      text.append(
          switch (random.nextInt(12)) {
            case 0 -> '"';
            case 1 -> '\\';
            case 2 -> '\u00e9';
            case 3 -> '\u4e2d';
            default -> (char) (' ' + random.nextInt(95));
          });
    }
    return text.toString();
  }
}
