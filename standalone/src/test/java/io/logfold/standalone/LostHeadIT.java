package io.logfold.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.generator.Generator;
import io.logfold.generator.GeneratorReport;
import io.logfold.generator.GeneratorSettings;
import io.logfold.query.fold.Generation;
import io.logfold.query.fold.Generation.Switching;
import io.logfold.query.fold.Generations;
import io.logfold.query.replay.Replays;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A log whose oldest records are gone from the broker, and the read models that hold them still.
 */
class LostHeadIT {

  private static final int PARTITIONS = 4;
  private static final long LOGS = 6_000;

  private static final List<String> PROJECTIONS = List.of("stats", "error-log", "routes");

  private static final List<TopicPartition> LOG =
      IntStream.range(0, PARTITIONS)
          .mapToObj(part -> new TopicPartition("logfold.access-logs", part))
          .toList();

  /** Of a week and a day: no log leaves them while the test runs. */
  private static final List<String> QUESTIONS =
      List.of(
          "/stats?type=traffic&range=week",
          "/stats?type=errors&range=day",
          "/stats?type=latency&range=week",
          "/stats?type=errors&range=week&source=first",
          "/logs?limit=100",
          "/logs?limit=100&offset=1000&source=first",
          "/logs?limit=100&status=500&offset=300",
          "/routes?range=day");

  @Test
  void isCarriedOverByEachRebuildAndRefusedToAnEmptyDatabase() throws Exception {
    try (Pipeline pipeline =
            Pipeline.start(Map.of("logfold.cache.logs", "0s", "logfold.replay.keep", "24h"));
        Admin kafka = Admin.create(Map.of("bootstrap.servers", pipeline.kafkaServers()))) {
      GeneratorReport first = send(pipeline, "first");
      Map<Integer, Long> middle = ends(kafka);
      Instant between = Instant.now();
      GeneratorReport second = send(pipeline, "second");
      awaitRequests(pipeline, 2 * LOGS);
      Map<String, JsonNode> before = answers(pipeline);

      rebuildEach(pipeline, between);
      assertThat(answers(pipeline)).isEqualTo(before);
      assertThat(carried(pipeline, "error_log")).isEqualTo(errors(first));

      deleteBefore(kafka, halves(middle));
      rebuildEach(pipeline, null);
      assertThat(answers(pipeline)).isEqualTo(before);
      assertThat(carried(pipeline, "error_log")).isPositive().isLessThan(errors(first));
      assertThat(carried(pipeline, "stats_minute")).isPositive();
      assertThat(carried(pipeline, "route_minute")).isPositive();

      deleteBefore(kafka, ends(kafka));
      rebuildEach(pipeline, null);
      assertThat(answers(pipeline)).isEqualTo(before);
      assertThat(carried(pipeline, "error_log")).isEqualTo(errors(first) + errors(second));

      GeneratorReport third = send(pipeline, "third");
      awaitRequests(pipeline, 3 * LOGS);
      pipeline.eventually(
          () ->
              assertThat(pipeline.json("/logs?limit=1").at("/meta/total").asLong())
                  .isEqualTo(errors(first) + errors(second) + errors(third)));
      assertRefused(pipeline, kafka);
      assertFoldsWhatIsLeftIfToldTo(pipeline);
    }
  }

  private static void assertRefused(Pipeline pipeline, Admin kafka) throws Exception {
    long lost = begins(kafka).get(0);
    assertThatThrownBy(() -> pipeline.querySideFromNothing("refused", Map.of()).close())
        .rootCause()
        .hasMessageContaining(
            "logfold.access-logs-0: offsets 0 to %d were never folded here and are no longer on the log; the first record kept was appended at 20"
                .formatted(lost - 1));
  }

  private static void assertFoldsWhatIsLeftIfToldTo(Pipeline pipeline) {
    try (ConfigurableApplicationContext side =
        pipeline.querySideFromNothing("accepted", Map.of("logfold.fold.accept-lost-logs", true))) {
      JdbcTemplate jdbc = new JdbcTemplate(side.getBean(DataSource.class));
      pipeline.eventually(
          () ->
              assertThat(jdbc.queryForObject("SELECT SUM(requests) FROM stats_hour", Long.class))
                  .isEqualTo(LOGS));
    }
  }

  private static GeneratorReport send(Pipeline pipeline, String source)
      throws InterruptedException {
    try (Generator generator =
        Generator.start(
            GeneratorSettings.to(pipeline.writeUrl())
                .total(LOGS)
                .rate(0)
                .streams(8)
                .source(source)
                .build())) {
      generator.await();
      assertThat(generator.report().accepted()).isEqualTo(LOGS);
      return generator.report();
    }
  }

  private static void awaitRequests(Pipeline pipeline, long requests) {
    pipeline.eventually(() -> assertThat(pipeline.requests()).isEqualTo(requests));
  }

  private static long errors(GeneratorReport report) {
    return report.byStatus().entrySet().stream()
        .filter(status -> status.getKey() >= 400)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static void rebuildEach(Pipeline pipeline, @Nullable Instant from) {
    Generations generations = pipeline.querySide(Generations.class);
    for (String projection : PROJECTIONS) {
      Generation begun =
          pipeline.querySide(Replays.class).begin(projection, null, from, Switching.WHEN_READY);
      pipeline.eventually(
          () -> assertThat(generations.live(projection)).isEqualTo(begun.fold().generation()));
    }
  }

  private static Map<String, JsonNode> answers(Pipeline pipeline) {
    Map<String, JsonNode> answers = new TreeMap<>();
    QUESTIONS.forEach(question -> answers.put(question, pipeline.json(question)));
    answers.put("/ledger", pipeline.json("/ledger").get("projections"));
    return answers;
  }

  /** Rows that answer and were taken over from an older generation. */
  private static long carried(Pipeline pipeline, String table) {
    String projection =
        switch (table) {
          case "error_log" -> "error-log";
          case "route_minute" -> "routes";
          default -> "stats";
        };
    Long rows =
        new JdbcTemplate(pipeline.querySide(DataSource.class))
            .queryForObject(
                "SELECT COUNT(*) FROM %s WHERE carried AND generation = ?".formatted(table),
                Long.class,
                pipeline.querySide(Generations.class).live(projection));
    return rows == null ? 0 : rows;
  }

  private static Map<Integer, Long> halves(Map<Integer, Long> offsets) {
    Map<Integer, Long> halves = new TreeMap<>();
    offsets.forEach((part, offset) -> halves.put(part, offset / 2));
    return halves;
  }

  private static Map<Integer, Long> ends(Admin kafka) throws Exception {
    return offsets(kafka, OffsetSpec.latest());
  }

  private static Map<Integer, Long> begins(Admin kafka) throws Exception {
    return offsets(kafka, OffsetSpec.earliest());
  }

  private static Map<Integer, Long> offsets(Admin kafka, OffsetSpec which) throws Exception {
    Map<TopicPartition, ListOffsetsResultInfo> found =
        kafka
            .listOffsets(LOG.stream().collect(Collectors.toMap(part -> part, part -> which)))
            .all()
            .get();
    Map<Integer, Long> offsets = new TreeMap<>();
    found.forEach((part, info) -> offsets.put(part.partition(), info.offset()));
    return offsets;
  }

  private static void deleteBefore(Admin kafka, Map<Integer, Long> offsets) throws Exception {
    kafka
        .deleteRecords(
            LOG.stream()
                .collect(
                    Collectors.toMap(
                        part -> part,
                        part -> RecordsToDelete.beforeOffset(offsets.get(part.partition())))))
        .all()
        .get();
  }
}
