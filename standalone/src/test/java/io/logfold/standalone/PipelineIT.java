package io.logfold.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.generator.Generator;
import io.logfold.generator.GeneratorReport;
import io.logfold.generator.GeneratorSettings;
import io.logfold.query.fold.Generation.Switching;
import io.logfold.query.fold.Generations;
import io.logfold.query.replay.Replays;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** From HTTP to answers, on a real Kafka, a real MySQL-family server and a real Redis. */
class PipelineIT {

  private static final String TOPIC = "logfold.access-logs";

  private static Pipeline pipeline;

  @BeforeAll
  static void start() throws Exception {
    pipeline = Pipeline.start(Map.of());
  }

  @AfterAll
  static void stop() throws Exception {
    pipeline.close();
  }

  @Test
  void findsTheSeedsUploadInLogsAndCountsItInStats() throws Exception {
    String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    HttpResponse<String> answer =
        pipeline.post(
            "/upload?source=seed",
            """
            ["%1$s 184.116.4.244 POST /seed-products 500 971ms",
             "%1$s 10.1.2.3 GET /seed-home 404 29ms",
             "%1$s 10.1.2.3 GET /seed-home 200 2ms"]
            """
                .formatted(time));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"message\":\"Logs processed\"");

    pipeline.eventually(
        () ->
            assertThat(
                    pipeline
                        .json("/stats?type=traffic&range=hour&source=seed")
                        .get("data")
                        .toString())
                .isEqualTo("{\"total_request\":3,\"unique_ips\":2}"));
    JsonNode page = pipeline.json("/logs?status=500&limit=1&method=post&path=SEED-prod");
    JsonNode row = page.at("/data/0");
    assertThat(page.toString())
        .isEqualTo(
            ("{\"data\":[{\"id\":%s,\"Timestamp\":\"%s\",\"IP\":\"184.116.4.244\",\"Method\":\"POST\","
                    + "\"Path\":\"/seed-products\",\"Status\":500,\"LatencyMs\":971}],"
                    + "\"meta\":{\"total\":1,\"limit\":1,\"offset\":0}}")
                .formatted(row.get("id"), time));
    assertThat(pipeline.json("/stats?type=errors&range=hour&source=seed").toString())
        .isEqualTo("{\"type\":\"errors\",\"data\":{\"404\":1,\"500\":1}}");
    assertThat(pipeline.json("/stats?range=day&type=latency&source=seed").toString())
        .isEqualTo("{\"type\":\"latency\",\"data\":{\"avg_latency\":334.0,\"max_latency\":971}}");
  }

  @Test
  void putsAllLogsOfARequestOnOnePartitionOneRecordEach() throws Exception {
    String time = Instant.now().toString();
    for (int request = 0; request < 8; request++) {
      String lines =
          IntStream.range(0, 20)
              .mapToObj(line -> "%s 10.0.0.1 GET /together 200 1ms".formatted(time))
              .collect(Collectors.joining("\n"));
      assertThat(pipeline.post("/logs", lines).statusCode()).isEqualTo(202);
    }
    Map<String, Set<Integer>> partitions = new HashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    for (ConsumerRecord<String, byte[]> record : allRecords()) {
      String value = new String(record.value(), java.nio.charset.StandardCharsets.UTF_8);
      if (value.contains("/together")) {
        partitions.computeIfAbsent(record.key(), key -> new HashSet<>()).add(record.partition());
        lines.merge(record.key(), 1, Integer::sum);
      }
    }
    assertThat(partitions).hasSize(8).allSatisfy((key, parts) -> assertThat(parts).hasSize(1));
    assertThat(lines.values()).containsOnly(20);
  }

  @Test
  void keepsEveryLogOutOfTheEventStore() throws Exception {
    assertThat(
            pipeline
                .post("/logs", Instant.now() + " 10.0.0.1 GET /not-stored 500 1ms")
                .statusCode())
        .isEqualTo(202);
    pipeline.eventually(
        () ->
            assertThat(pipeline.json("/logs?path=/not-stored").at("/meta/total").asInt()).isOne());
    assertThat(
            new JdbcTemplate(pipeline.commandSide(DataSource.class))
                .queryForObject("SELECT COUNT(*) FROM domain_event_entry", Integer.class))
        .isZero();
  }

  /** The number of logs can be raised: {@code -Dit.logs=1000000}. */
  @Test
  void countsExactlyWhatTheGeneratorSentThroughFourPartitions() throws Exception {
    long logs = Long.getLong("it.logs", 60_000);
    GeneratorSettings settings =
        GeneratorSettings.to(pipeline.writeUrl())
            .total(logs)
            .rate(0)
            .streams(8)
            .clients(20_000)
            .source("generated")
            .build();
    System.out.println("seed " + settings.seed());
    GeneratorReport sent;
    long started = System.nanoTime();
    try (Generator generator = Generator.start(settings)) {
      generator.await();
      sent = generator.report();
    }
    assertThat(sent.accepted()).isEqualTo(logs);
    pipeline.eventually(() -> assertThat(traffic("total_request")).isEqualTo(logs));
    System.out.printf(
        "%d logs accepted in %.1f s, folded %.1f s after the first was sent%n",
        logs, sent.durationSeconds(), (System.nanoTime() - started) / 1e9);

    sent.byStatus()
        .forEach(
            (status, count) -> {
              if (status >= 400) {
                assertThat(
                        pipeline
                            .json("/logs?source=generated&limit=1&status=" + status)
                            .at("/meta/total")
                            .asLong())
                    .as("rows of " + status)
                    .isEqualTo(count);
              }
            });
    assertThat(traffic("unique_ips"))
        .isCloseTo(sent.distinctIps(), within(Math.max(1L, sent.distinctIps() * 3L / 100)));
    JsonNode quantiles =
        pipeline.json("/stats?type=quantiles&range=day&source=generated").get("data");
    assertWithinOnePercent(quantiles.get("p50"), sent.latencyMicros().p50());
    assertWithinOnePercent(quantiles.get("p99"), sent.latencyMicros().p99());
    assertThat(
            pipeline
                    .json("/stats?type=latency&range=day&source=generated")
                    .at("/data/avg_latency")
                    .asDouble()
                * 1000)
        .isCloseTo(sent.latencyMicros().mean(), within(0.1));
  }

  @Test
  void foldsTheSameRowsAgainOnTheRealDatabase() throws Exception {
    String time = Instant.now().toString();
    for (int request = 0; request < 20; request++) {
      String lines =
          IntStream.range(0, 100)
              .mapToObj(
                  line ->
                      "%s 10.0.%d.1 GET /again 5%02d %dms".formatted(time, line, line % 3, line))
              .collect(Collectors.joining("\n"));
      assertThat(pipeline.post("/logs?source=again", lines).statusCode()).isEqualTo(202);
    }
    pipeline.eventually(
        () ->
            assertThat(
                    pipeline
                        .json("/stats?type=traffic&source=again")
                        .at("/data/total_request")
                        .asInt())
                .isEqualTo(2_000));
    List<String> before = rows();
    Generations generations = pipeline.querySide(Generations.class);
    for (String projection : List.of("stats", "error-log", "routes")) {
      int begun =
          pipeline
              .querySide(Replays.class)
              .begin(projection, null, null, Switching.WHEN_READY)
              .fold()
              .generation();
      pipeline.eventually(() -> assertThat(generations.live(projection)).isEqualTo(begun));
    }
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void answersAgainFromRedis() throws Exception {
    pipeline.eventually(
        () -> {
          pipeline.get("/stats?type=traffic&range=week");
          HttpResponse<String> again = pipeline.get("/stats?type=errors&range=week");
          assertThat(again.headers().firstValue("X-Cache")).contains("HIT");
          assertThat(again.headers().firstValue("Age")).contains("0");
        });
  }

  /** MySQL refuses a time after it; MariaDB and H2 compare with it. */
  @Test
  void findsNothingSinceTheLastSecondThatTheDatabaseKnows() {
    assertThat(pipeline.json("/logs?from=9999-12-31T23:59:59Z").at("/meta/total").asText())
        .isEqualTo("0");
  }

  private static List<String> rows() {
    JdbcTemplate jdbc = new JdbcTemplate(pipeline.querySide(DataSource.class));
    Generations generations = pipeline.querySide(Generations.class);
    List<String> rows = new java.util.ArrayList<>();
    for (String sql :
        List.of(
            "SELECT time, id, ip, method, path, status, latency_micros, source FROM error_log WHERE source = 'again' AND generation = %d ORDER BY id"
                .formatted(generations.live("error-log")),
            "SELECT bucket, part, requests, statuses, latency_sum, latency_max, HEX(latency_sketch), HEX(ip_sketch) FROM stats_minute WHERE source = 'again' AND generation = %d ORDER BY 1, 2"
                .formatted(generations.live("stats")),
            "SELECT bucket, part, requests, statuses, latency_sum, latency_max, HEX(latency_sketch), HEX(ip_sketch) FROM stats_hour WHERE source = 'again' AND generation = %d ORDER BY 1, 2"
                .formatted(generations.live("stats")))) {
      jdbc.queryForList(sql).forEach(row -> rows.add(row.toString()));
    }
    return rows;
  }

  private static long traffic(String figure) {
    return pipeline
        .json("/stats?type=traffic&range=day&source=generated")
        .at("/data/" + figure)
        .asLong();
  }

  private static void assertWithinOnePercent(JsonNode millis, long exactMicros) {
    assertThat(millis.asDouble() * 1_000).isCloseTo(exactMicros, within(exactMicros * 0.0101 + 1));
  }

  private static List<ConsumerRecord<String, byte[]>> allRecords() {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", pipeline.kafkaServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(TOPIC).stream()
              .map(info -> new TopicPartition(TOPIC, info.partition()))
              .toList();
      assertThat(partitions).hasSize(4);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
      List<ConsumerRecord<String, byte[]>> records = new java.util.ArrayList<>();
      while (records.size() < end) {
        consumer.poll(java.time.Duration.ofSeconds(1)).forEach(records::add);
      }
      return records;
    }
  }
}
