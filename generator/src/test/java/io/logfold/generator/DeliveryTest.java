package io.logfold.generator;

import static io.logfold.generator.Receiver.answer;
import static io.logfold.generator.Runs.oneStream;
import static io.logfold.generator.Runs.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.generator.Receiver.Received;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryTest {

  private final Receiver receiver = new Receiver();
  private final ManualTicker ticker = new ManualTicker();

  @AfterEach
  void stop() {
    receiver.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 502, 503, 504})
  void triesAgainWithTheSameKeyAndBytesAfter(int status) throws Exception {
    receiver.then(answer(status, "later", "Retry-After", "7"));

    GeneratorReport report = run(oneStream(receiver.uri()).total(20), ticker);

    List<Received> tries = receiver.tries();
    assertThat(tries).hasSize(3);
    assertThat(tries.get(1)).isEqualTo(tries.get(0));
    assertThat(tries.get(2).key()).isNotEqualTo(tries.get(1).key());
    assertThat(ticker.sleptMillis()).containsExactly(7_000L);
    assertThat(report.retries()).isEqualTo(1);
    assertThat(report.accepted()).isEqualTo(20);
    assertThat(report.answers()).containsEntry("" + status, 1L).containsEntry("202", 2L);
  }

  @Test
  void waitsUntilTheDateThatTheReceiverNames() throws Exception {
    receiver.then(answer(503, "", "Retry-After", "Tue, 10 Jun 2025 12:00:03 GMT"));

    run(oneStream(receiver.uri()).total(10), ticker);

    assertThat(ticker.sleptMillis()).containsExactly(2_877L);
  }

  @Test
  void waitsAMinuteAtMostHoweverLongTheReceiverAsksFor() throws Exception {
    receiver.then(answer(503, "", "Retry-After", "86400"));

    run(oneStream(receiver.uri()).total(10), ticker);

    assertThat(ticker.sleptMillis()).containsExactly(60_000L);
  }

  @Test
  void waitsLongerEachTimeAndNeverMoreThanFiveSeconds() throws Exception {
    for (int i = 0; i < 12; i++) {
      receiver.then(answer(503, ""));
    }

    run(oneStream(receiver.uri()).total(10), ticker);

    List<Long> waits = ticker.sleptMillis();
    assertThat(waits).hasSize(12).allMatch(wait -> wait <= 5_000);
    assertThat(waits.get(0)).isBetween(50L, 100L);
    assertThat(waits.get(3)).isBetween(400L, 800L);
    assertThat(waits.get(11)).isBetween(2_500L, 5_000L);
  }

  @Test
  void triesAgainWithTheSameKeyAndBytesWhenTheConnectionBreaks() throws Exception {
    receiver.then(Receiver::hangUp).then(Receiver::hangUp);

    GeneratorReport report = run(oneStream(receiver.uri()).total(10), ticker);

    assertThat(receiver.tries()).hasSize(3).containsOnly(receiver.tries().get(0));
    assertThat(report.accepted()).isEqualTo(10);
    assertThat(report.answers()).containsEntry("none", 2L);
  }

  @Test
  void triesAgainWhenAnAnswerTakesTooLong() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    receiver.then((exchange, received) -> awaitQuietly(over));

    GeneratorReport report =
        run(oneStream(receiver.uri()).total(10).timeout(Duration.ofMillis(200)), ticker);
    over.countDown();

    assertThat(receiver.tries()).hasSize(2).containsOnly(receiver.tries().get(0));
    assertThat(report.accepted()).isEqualTo(10);
  }

  @Test
  @Timeout(15)
  void triesAgainWhenAnAnswerBeginsAndDoesNotEnd() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    receiver.then(
        (exchange, received) -> {
          exchange.sendResponseHeaders(202, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          awaitQuietly(over);
        });

    GeneratorReport report =
        run(oneStream(receiver.uri()).total(10).timeout(Duration.ofMillis(500)), ticker);
    over.countDown();

    assertThat(receiver.tries()).hasSize(2).containsOnly(receiver.tries().get(0));
    assertThat(report.problems()).isEmpty();
    assertThat(report.accepted()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 413, 415, 422, 500})
  void neverTriesAgainAfter(int status) throws Exception {
    receiver.then(answer(status, "{\"detail\":\"Not like this.\"}"));

    GeneratorReport report = run(oneStream(receiver.uri()).total(30), ticker);

    assertThat(receiver.tries().stream().map(Received::key)).hasSize(3).doesNotHaveDuplicates();
    assertThat(report.failed()).isEqualTo(10);
    assertThat(report.failures()).containsExactly(Map.entry("" + status, 10L));
    assertThat(report.accepted()).isEqualTo(20);
    assertThat(report.problems()).singleElement().asString().contains("Not like this.");
  }

  @Test
  void givesUpAfterTheLimitAndEndsABoundedRun() throws Exception {
    receiver.otherwise(answer(503, "Kafka is away.", "Retry-After", "10"));

    GeneratorReport report =
        run(oneStream(receiver.uri()).total(1_000).giveUpAfter(Duration.ofSeconds(35)), ticker);

    assertThat(receiver.tries()).hasSize(4);
    assertThat(report.failures()).containsExactly(Map.entry("gave-up", 10L));
    assertThat(report.sent()).isEqualTo(10);
    assertThat(report.unknown()).isZero();
    assertThat(report.isAllAccepted()).isFalse();
  }

  @Test
  void givesUpWhenNobodyListens() throws Exception {
    GeneratorReport report =
        run(oneStream(unusedPort()).total(10).giveUpAfter(Duration.ofSeconds(3)), ticker);

    assertThat(report.failed()).isEqualTo(10);
    assertThat(report.answers()).containsOnlyKeys("none");
  }

  @Test
  void sendsExactlyTheTotalOverAllStreams() throws Exception {
    GeneratorReport report =
        run(
            oneStream(receiver.uri()).streams(4).batch(7).total(1_234).format(LogFormat.TEXT),
            ticker);

    assertThat(receiver.tries().stream().mapToInt(got -> got.lines().size()).sum())
        .isEqualTo(1_234);
    assertThat(report.generated()).isEqualTo(1_234);
    assertThat(report.sent()).isEqualTo(1_234);
    assertThat(report.accepted()).isEqualTo(1_234);
    assertThat(report.requests()).isEqualTo(177);
  }

  @Test
  void numbersTheRequestsOfEachStreamFromOneWithoutGaps() throws Exception {
    run(oneStream(receiver.uri()).streams(3).total(600).streamName("load"), ticker);

    Map<String, List<Long>> sequences = new ConcurrentHashMap<>();
    receiver
        .tries()
        .forEach(got -> sequences.merge(got.stream(), List.of(got.sequence()), DeliveryTest::join));
    assertThat(sequences.keySet()).isSubsetOf("load-1", "load-2", "load-3");
    sequences
        .values()
        .forEach(
            numbers ->
                assertThat(numbers)
                    .isEqualTo(LongStream.rangeClosed(1, numbers.size()).boxed().toList()));
  }

  @Test
  void hasOneRequestInFlightPerStream() throws Exception {
    Map<String, AtomicBoolean> busy = new ConcurrentHashMap<>();
    AtomicBoolean overlapped = new AtomicBoolean();
    receiver.otherwise(
        (exchange, received) -> {
          AtomicBoolean flag = busy.computeIfAbsent(received.stream(), k -> new AtomicBoolean());
          if (!flag.compareAndSet(false, true)) {
            overlapped.set(true);
          }
          flag.set(false);
          Receiver.acceptAll(exchange, received);
        });

    run(oneStream(receiver.uri()).streams(4).total(4_000), ticker);

    assertThat(overlapped).isFalse();
    assertThat(busy).hasSizeBetween(1, 4);
  }

  @Test
  void aRunWithTheSameSeedIsStillANewRun() throws Exception {
    run(oneStream(receiver.uri()).total(10).seed(7), ticker);
    run(oneStream(receiver.uri()).total(10).seed(7), ticker);

    assertThat(receiver.tries().get(1).body()).isEqualTo(receiver.tries().get(0).body());
    assertThat(receiver.tries().get(1).key()).isNotEqualTo(receiver.tries().get(0).key());
  }

  @Test
  void finishesWhatIsInFlightWhenItIsClosed() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    receiver.otherwise(
        (exchange, received) -> {
          awaitQuietly(release);
          Receiver.acceptAll(exchange, received);
        });
    Generator generator =
        Generator.start(oneStream(receiver.uri()).build(), Runs.NOON, Ticker.SYSTEM);
    Awaitility.await().until(() -> receiver.tries().size() == 1);
    assertThat(generator.report().unknown()).isEqualTo(10);

    Thread closer = new Thread(generator::close);
    closer.start();
    Awaitility.await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
    release.countDown();
    closer.join();

    assertThat(generator.report().accepted()).isEqualTo(10);
    assertThat(generator.report().unknown()).isZero();
    assertThat(receiver.tries()).hasSize(1);
  }

  @Test
  void callsWhatHadNoFinalAnswerUnknownWhenItIsClosed() throws Exception {
    receiver.otherwise(answer(503, "", "Retry-After", "60"));
    Generator generator =
        Generator.start(oneStream(receiver.uri()).build(), Runs.NOON, Ticker.SYSTEM);
    Awaitility.await().until(() -> generator.report().answers().containsKey("503"));

    generator.close();

    GeneratorReport report = generator.report();
    assertThat(report.unknown()).isEqualTo(10);
    assertThat(report.failed()).isZero();
    assertThat(report.isAllAccepted()).isFalse();
  }

  @Test
  void sendsTokenSourceTypeAndGzip() throws Exception {
    run(oneStream(receiver.uri()).total(10).token("s3cret").source("shop").gzip(true), ticker);

    Received received = receiver.tries().get(0);
    assertThat(received.token()).isEqualTo("Bearer s3cret");
    assertThat(received.uri()).hasToString("/logs?source=shop");
    assertThat(received.type()).isEqualTo("application/json");
    assertThat(received.body()).startsWith("[{\"time\":\"2025-06-10T12:00:00.123Z\"");
  }

  private static URI unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Long> join(List<Long> some, List<Long> more) {
    return LongStream.concat(
            some.stream().mapToLong(Long::longValue), more.stream().mapToLong(Long::longValue))
        .boxed()
        .toList();
  }
}
