package io.logfold.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.extensions.kafka.eventhandling.DefaultKafkaMessageConverter;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What others write to the topic, and what a projection cannot store, on real servers. */
class DeadLettersIT {

  private static final String TOPIC = "logfold.access-logs";
  private static final int REQUESTS = 100;
  private static final int LINES = 198;

  private static Pipeline pipeline;
  private static KafkaProducer<String, byte[]> producer;

  @BeforeAll
  static void start() throws Exception {
    pipeline = Pipeline.start(Map.of());
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", pipeline.kafkaServers()),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  @AfterAll
  static void stop() throws Exception {
    producer.close();
    pipeline.close();
  }

  private record Garbage(Headers headers, byte @Nullable [] value) {}

  @Test
  void projectsATopicWithOnePercentOfGarbageFullyAndListsEachOfIt() throws Exception {
    Map<String, String> sent = new TreeMap<>();
    List<Garbage> kinds = tenKinds();
    assertThat(kinds).hasSize(10);
    for (int request = 0; request < REQUESTS; request++) {
      post("garbled", "/a", LINES);
      for (int i = 0; i < 2; i++) {
        int number = 2 * request + i;
        Garbage garbage = kinds.get(number % kinds.size());
        RecordMetadata place = send(number % 4, garbage);
        sent.put(place.partition() + "-" + place.offset(), base64(garbage.value()));
      }
    }
    long logs = (long) REQUESTS * LINES;
    assertThat(sent).hasSize(200).hasSize((int) (logs + 200) / 100);
    pipeline.eventually(
        () -> {
          JsonNode ledger = pipeline.json("/ledger?source=garbled");
          assertThat(ledger.get("unique").asLong()).isEqualTo(logs);
          for (String projection : List.of("stats", "routes")) {
            assertThat(ledger.at("/projections/" + projection + "/folded").asLong())
                .isEqualTo(logs);
          }
          assertThat(pipeline.json("/ledger").get("unreadable").asLong()).isEqualTo(200);
        });
    assertThat(
            pipeline
                .json("/stats?type=traffic&range=day&source=garbled")
                .at("/data/total_request")
                .asLong())
        .isEqualTo(logs);

    Map<String, String> listed = new TreeMap<>();
    for (JsonNode letter : letters("projection=requests")) {
      listed.put(
          letter.get("part").asInt() + "-" + letter.get("offset").asLong(),
          pipeline.json("/dead-letters/" + letter.get("id").asLong()).get("base64").asText());
    }
    assertThat(listed).isEqualTo(sent);
  }

  @Test
  void setsAsideWhatTheDatabaseCannotStoreAndTakesItInWhenItCan() throws Exception {
    List<Long> poison = new ArrayList<>();
    for (int request = 0; request < 5; request++) {
      post("poisoned", "/fine", 200);
      poison.add(
          send(2, written(new LogReceived("!p" + request, 1, null, fitsNoColumn()))).offset());
    }
    pipeline.eventually(
        () ->
            assertThat(pipeline.json("/ledger?source=poisoned").at("/projections/error-log"))
                .asString()
                .isEqualTo("{\"folded\":0,\"passedOver\":1000,\"deadLettered\":5,\"inFlight\":0}"));
    List<JsonNode> letters = letters("projection=error-log&state=parked");
    assertThat(letters)
        .extracting(letter -> letter.get("offset").asLong())
        .containsExactlyInAnyOrderElementsOf(poison);
    assertThat(requests("poisoned")).isEqualTo(1_005);

    assertThat(retry(letters.get(0)).statusCode()).isEqualTo(422);
    new JdbcTemplate(pipeline.querySide(DataSource.class))
        .execute("ALTER TABLE error_log MODIFY COLUMN ip VARCHAR(600) NOT NULL");
    for (JsonNode letter : letters) {
      assertThat(retry(letter).statusCode()).isEqualTo(200);
    }
    assertThat(pipeline.json("/logs?source=poisoned").at("/meta/total").asInt()).isEqualTo(5);
    assertThat(pipeline.json("/ledger?source=poisoned").at("/projections/error-log").toString())
        .isEqualTo("{\"folded\":5,\"passedOver\":1000,\"deadLettered\":0,\"inFlight\":0}");
    assertThat(letters("projection=error-log&state=parked")).isEmpty();
  }

  private static List<Garbage> tenKinds() {
    Garbage log = written(new LogReceived("!g", 1, null, log("garbled", "10.0.0.1", 200)));
    byte[] value = log.value() == null ? new byte[0] : log.value();
    return List.of(
        new Garbage(new RecordHeaders(), "hello".getBytes(UTF_8)),
        new Garbage(new RecordHeaders(), value),
        new Garbage(log.headers(), null),
        new Garbage(log.headers(), new byte[] {(byte) 0xff, 0, 1, 2}),
        new Garbage(log.headers(), Arrays.copyOf(value, value.length / 2)),
        new Garbage(typed(log, "com.example.Ping"), value),
        new Garbage(typed(log, "io.logfold.api.ingest.RejectedLine"), "{}".getBytes(UTF_8)),
        new Garbage(
            typed(log, "org.springframework.web.servlet.view.groovy.GroovyMarkupConfigurer"),
            value),
        new Garbage(log.headers(), replaced(value, "\"status\":200", "\"status\":2")),
        new Garbage(log.headers(), replaced(value, "\"method\":\"GET\"", "\"method\":null")));
  }

  private static Headers typed(Garbage log, String type) {
    return new RecordHeaders(log.headers())
        .remove("axon-message-type")
        .add("axon-message-type", type.getBytes(UTF_8));
  }

  private static byte[] replaced(byte[] value, String part, String instead) {
    String json = new String(value, UTF_8);
    assertThat(json).contains(part);
    return json.replace(part, instead).getBytes(UTF_8);
  }

  private static Garbage written(LogReceived event) {
    ProducerRecord<String, byte[]> record =
        DefaultKafkaMessageConverter.builder()
            .serializer(pipeline.commandSide(Serializer.class))
            .build()
            .createKafkaMessage(GenericEventMessage.asEventMessage(event), TOPIC);
    return new Garbage(record.headers(), record.value());
  }

  /** Which is 200 characters as sent, and 400 in the lower case that is stored. */
  private static AccessLog fitsNoColumn() {
    return log("poisoned", "\u0130".repeat(200), 500);
  }

  private static AccessLog log(String source, String ip, int status) {
    return new AccessLog(
        Instant.now(),
        ip,
        "GET",
        "/a",
        status,
        1_000,
        source,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static RecordMetadata send(int part, Garbage garbage) throws Exception {
    return producer
        .send(new ProducerRecord<>(TOPIC, part, "a key", garbage.value(), garbage.headers()))
        .get();
  }

  private static void post(String source, String path, int lines) throws Exception {
    String time = Instant.now().toString();
    String body =
        IntStream.range(0, lines)
            .mapToObj(line -> "%s 10.0.0.1 GET %s 200 1ms".formatted(time, path))
            .collect(Collectors.joining("\n"));
    assertThat(pipeline.post("/logs?source=" + source, body).statusCode()).isEqualTo(202);
  }

  /** All pages. */
  private static List<JsonNode> letters(String filter) {
    List<JsonNode> letters = new ArrayList<>();
    String next = "";
    do {
      JsonNode page = pipeline.json("/dead-letters?limit=60&" + filter + "&before=" + next);
      page.get("letters").forEach(letters::add);
      next = page.get("next").asText();
    } while (!next.equals("null"));
    return letters;
  }

  private static HttpResponse<String> retry(JsonNode letter) throws Exception {
    return pipeline.postToQuerySide("/dead-letters/" + letter.get("id").asLong() + "/retry");
  }

  private static long requests(String source) {
    return pipeline
        .json("/stats?type=traffic&range=day&source=" + source)
        .at("/data/total_request")
        .asLong();
  }

  private static String base64(byte @Nullable [] value) {
    return value == null ? "null" : Base64.getEncoder().encodeToString(value);
  }
}
