package io.logfold.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.generator.Generator;
import io.logfold.generator.GeneratorReport;
import io.logfold.generator.GeneratorSettings;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What stays up, and what is exact afterwards, while a server is away. */
class OutageIT {

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
  void answersSendersWithin10SecondsAndReadersAsEverWhileKafkaIsAway() throws Exception {
    Generator generator = generator("kafka-away", 20_000, 2_000);
    pipeline.eventually(() -> assertThat(count("kafka-away")).isPositive());
    pipeline.stopKafka();

    long asked = System.nanoTime();
    HttpResponse<String> refused = pipeline.post("/logs", line("/while-kafka-is-away"));
    Duration waited = Duration.ofNanos(System.nanoTime() - asked);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(waited).isLessThan(Duration.ofSeconds(10));
    assertThat(pipeline.get("/stats?type=traffic&range=day").statusCode()).isEqualTo(200);
    assertThat(pipeline.get("/logs?limit=1").statusCode()).isEqualTo(200);

    pipeline.eventually(() -> assertThat(generator.report().answers()).containsKey("503"));
    pipeline.startKafka();
    GeneratorReport sent = finished(generator);
    assertThat(sent.accepted()).isEqualTo(20_000);
    pipeline.eventually(() -> assertThat(count("kafka-away")).isEqualTo(20_000));
  }

  @Test
  void takesLogsInWhileTheDatabaseIsAwayAndCatchesUpExactly() throws Exception {
    Generator generator = generator("database-away", 15_000, 3_000);
    pipeline.eventually(() -> assertThat(count("database-away")).isPositive());
    pipeline.database.cut();
    assertThat(pipeline.post("/logs?source=database-away-2", line("/while")).statusCode())
        .isEqualTo(202);
    HttpResponse<String> unanswered = pipeline.get("/logs?ip=10.9.9.9");
    assertThat(unanswered.statusCode()).isEqualTo(503);
    assertThat(unanswered.headers().firstValue("Content-Type"))
        .contains("application/problem+json");
    GeneratorReport sent = finished(generator);
    assertThat(sent.accepted()).isEqualTo(15_000);
    assertThat(sent.retries()).isZero();

    pipeline.database.mend();
    pipeline.eventually(() -> assertThat(count("database-away")).isEqualTo(15_000));
    pipeline.eventually(() -> assertThat(count("database-away-2")).isEqualTo(1));
    long errors =
        sent.byStatus().entrySet().stream()
            .filter(status -> status.getKey() >= 400)
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertThat(pipeline.json("/logs?source=database-away&limit=1").at("/meta/total").asLong())
        .isEqualTo(errors);
  }

  @Test
  void answersFromTheDatabaseInUnderASecondWhileRedisIsAway() throws Exception {
    pipeline.redis.cut();
    for (int ask = 0; ask < 5; ask++) {
      long asked = System.nanoTime();
      assertThat(pipeline.get("/stats?type=latency&range=hour").statusCode()).isEqualTo(200);
      assertThat(pipeline.get("/logs?limit=1").statusCode()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));
    }
    pipeline.redis.mend();
    pipeline.eventually(
        () -> {
          pipeline.get("/stats?type=traffic&range=week");
          assertThat(pipeline.get("/stats?type=traffic&range=week").headers().firstValue("X-Cache"))
              .contains("HIT");
        });
  }

  private static Generator generator(String source, long total, double rate) {
    return Generator.start(
        GeneratorSettings.to(pipeline.writeUrl())
            .total(total)
            .rate(rate)
            .streams(4)
            .source(source)
            .build());
  }

  private static GeneratorReport finished(Generator generator) throws InterruptedException {
    try (generator) {
      generator.await();
      return generator.report();
    }
  }

  private static long count(String source) {
    return pipeline
        .json("/stats?type=traffic&range=day&source=" + source)
        .at("/data/total_request")
        .asLong();
  }

  private static String line(String path) {
    return Instant.now() + " 10.0.0.1 GET " + path + " 500 1ms";
  }
}
