package io.logfold.generator;

import static io.logfold.generator.Receiver.answer;
import static io.logfold.generator.Runs.oneStream;
import static io.logfold.generator.Runs.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BooksTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final long seed = ThreadLocalRandom.current().nextLong();
  private final Receiver receiver = new Receiver();
  private final ManualTicker ticker = new ManualTicker();

  BooksTest() {
    System.out.println("BooksTest seed " + seed);
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void countsWhatTheReceiverCounts() throws Exception {
    GeneratorReport report =
        run(oneStream(receiver.uri()).seed(seed).streams(3).batch(100).total(10_050), ticker);

    List<JsonNode> logs = received();
    assertThat(logs).hasSize(10_050);
    assertThat(report.byStatus()).isEqualTo(count(logs, log -> log.get("status").asInt()));
    assertThat(report.distinctIps()).isEqualTo(count(logs, log -> log.get("ip")).size());
    assertThat(report.detailed()).isEqualTo(10_050);
    assertThat(report.latencyMicros()).isEqualTo(exact(logs));
    assertThat(report.isAllAccepted()).isTrue();
  }

  @Test
  void theMixIsTheOneAskedFor() throws Exception {
    GeneratorReport report =
        run(
            oneStream(receiver.uri())
                .seed(seed)
                .batch(1_000)
                .total(100_000)
                .clientErrors(0.3)
                .serverErrors(0.05),
            ticker);

    assertThat(report.byStatus().getOrDefault(404, 0L)).isBetween(29_000L, 31_000L);
    assertThat(report.byStatus().getOrDefault(500, 0L)).isBetween(4_500L, 5_500L);
    assertThat(report.byStatus()).containsOnlyKeys(200, 404, 500);
  }

  @Test
  void countsALogOnceWhenItsRequestIsTriedAgain() throws Exception {
    receiver.then(answer(503, "")).then(Receiver::hangUp).then(answer(429, ""));

    GeneratorReport report = run(oneStream(receiver.uri()).seed(seed).total(10), ticker);

    assertThat(report.sent()).isEqualTo(10);
    assertThat(report.accepted()).isEqualTo(10);
    assertThat(report.byStatus().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(10);
  }

  @Test
  void leavesRejectedLinesOutOfTheCountsByStatus() throws Exception {
    receiver.then(
        answer(
            202,
            "{\"accepted\":8,\"rejected\":2,\"errors\":[{\"line\":1,\"reason\":\"a\"},{\"line\":10,\"reason\":\"b\"}]}"));

    GeneratorReport report = run(oneStream(receiver.uri()).seed(seed).total(10), ticker);

    assertThat(report.accepted()).isEqualTo(8);
    assertThat(report.rejected()).isEqualTo(2);
    assertThat(report.byStatus())
        .isEqualTo(count(received().subList(1, 9), log -> log.get("status").asInt()));
    assertThat(report.isAllAccepted()).isFalse();
  }

  @Test
  void saysSoWhenRejectedLinesAreNotNamed() throws Exception {
    receiver.then(answer(202, "{\"accepted\":8,\"rejected\":2,\"errors\":[]}"));

    GeneratorReport report = run(oneStream(receiver.uri()).seed(seed).total(20), ticker);

    assertThat(report.accepted()).isEqualTo(18);
    assertThat(report.detailed()).isEqualTo(10);
    assertThat(report.toText()).contains("of 10 logs");
  }

  @Test
  void callsLogsUnknownWhenTheAnswersCountsDoNotAddUp() throws Exception {
    receiver.then(answer(202, "{\"accepted\":7,\"rejected\":0}"));

    GeneratorReport report = run(oneStream(receiver.uri()).seed(seed).total(10), ticker);

    assertThat(report.accepted()).isZero();
    assertThat(report.unknown()).isEqualTo(10);
    assertThat(report.isAllAccepted()).isFalse();
  }

  @Test
  void takesTheSeedsAnswerWithoutCountsForAnAcceptance() throws Exception {
    receiver.otherwise(answer(200, "{\"message\":\"Logs processed\"}"));

    GeneratorReport report =
        run(oneStream(receiver.uri()).format(LogFormat.UPLOAD).total(10), ticker);

    assertThat(report.accepted()).isEqualTo(10);
  }

  @Test
  void keepsLatenciesAsTheFormatWritesThem() throws Exception {
    GeneratorReport millis =
        run(oneStream(receiver.uri()).format(LogFormat.TEXT).total(1_000), ticker);
    GeneratorReport none =
        run(oneStream(receiver.uri()).format(LogFormat.COMMON).total(1_000), ticker);

    assertThat(millis.latencyMicros().p99()).isPositive();
    assertThat(millis.latencyMicros().p99() % 1_000).isZero();
    assertThat(none.latencyMicros().max()).isZero();
  }

  @Test
  void theReportIsOneLineOfJsonWithTheseNames() throws Exception {
    GeneratorReport report = run(oneStream(receiver.uri()).seed(seed).total(10), ticker);

    assertThat(report.toJson()).doesNotContain("\n");
    JsonNode json = JSON.readTree(report.toJson());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "run",
            "seed",
            "generated",
            "sent",
            "accepted",
            "rejected",
            "failed",
            "unknown",
            "requests",
            "retries",
            "durationSeconds",
            "rate",
            "detailed",
            "byStatus",
            "distinctIps",
            "latencyMicros",
            "answers",
            "failures",
            "problems",
            "allAccepted");
    assertThat(json.get("latencyMicros").fieldNames())
        .toIterable()
        .containsExactly("p50", "p90", "p95", "p99", "p999", "max", "mean");
    assertThat(json.get("answers").get("202").asLong()).isEqualTo(1);
  }

  private List<JsonNode> received() throws Exception {
    List<JsonNode> logs = new ArrayList<>();
    for (Receiver.Received request : receiver.tries()) {
      StreamSupport.stream(JSON.readTree(request.body()).spliterator(), false).forEach(logs::add);
    }
    return logs;
  }

  private static <K> Map<K, Long> count(List<JsonNode> logs, Function<JsonNode, K> key) {
    return logs.stream().collect(Collectors.groupingBy(key, Collectors.counting()));
  }

  private static GeneratorReport.Latency exact(List<JsonNode> logs) {
    long[] sorted =
        logs.stream().mapToLong(log -> log.get("latencyMicros").asLong()).sorted().toArray();
    return new GeneratorReport.Latency(
        at(sorted, 0.5),
        at(sorted, 0.9),
        at(sorted, 0.95),
        at(sorted, 0.99),
        at(sorted, 0.999),
        at(sorted, 1),
        (double) Arrays.stream(sorted).sum() / sorted.length);
  }

  private static long at(long[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
