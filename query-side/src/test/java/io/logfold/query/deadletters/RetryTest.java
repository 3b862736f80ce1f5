package io.logfold.query.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logfold.api.AccessLog;
import io.logfold.api.deadletters.DeadLetterList;
import io.logfold.api.deadletters.DeadLetterReport;
import io.logfold.api.deadletters.DeadLetterReport.State;
import io.logfold.api.deadletters.FindDeadLetters;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.api.ledger.FindLedger;
import io.logfold.api.ledger.LedgerReport;
import io.logfold.query.Logs;
import io.logfold.query.fold.Generations;
import io.logfold.query.fold.ProjectionTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.TestPropertySource;

/** With a projection and an upcaster that fail for some logs until they are mended. */
@Import(RetryTest.Mistakes.class)
@TestPropertySource(properties = "logfold.fold.max-dead-letters=20")
class RetryTest extends ProjectionTest {

  private static final Instant NEVER = Instant.parse("2100-01-01T00:00:00Z");
  private static final RuntimeException MISTAKE = new IllegalStateException("a mistake");

  @Autowired private Touchy touchy;
  @Autowired private Cryptic cryptic;
  @Autowired private Generations generations;

  @TestConfiguration
  static class Mistakes {

    @Bean
    Touchy touchy(JdbcTemplate jdbc) {
      return new Touchy(jdbc);
    }

    @Bean
    Cryptic cryptic() {
      return new Cryptic();
    }
  }

  @BeforeEach
  void beginWithoutLetters() {
    jdbc().update("DELETE FROM dead_letter");
  }

  @AfterEach
  void mend() {
    touchy.failWith(null);
    cryptic.fail(false);
  }

  @Test
  void parksExactlyTheLogsThatAProjectionFailsForAndFoldsAllOthers() {
    touchy.failWith(MISTAKE);
    List<Long> offsets = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      boolean poison = i % 97 == 0;
      long offset = givenRecord(i % 3, log("web-1/" + i, poison ? "/poison" : "/a"));
      if (poison) {
        offsets.add(offset);
      }
    }
    assertThat(letters(State.PARKED, "touchy"))
        .extracting(DeadLetterReport::offset)
        .containsExactlyInAnyOrderElementsOf(offsets)
        .hasSize(7);
    assertThat(letters(null, null)).hasSize(7);
    assertThat(folded()).isEqualTo(593);
    assertThat(ledger().projections())
        .isEqualTo(
            Map.of(
                "error-log", new LedgerReport.Projection(0, 600, 0, 0),
                "routes", new LedgerReport.Projection(600, 0, 0, 0),
                "stats", new LedgerReport.Projection(600, 0, 0, 0),
                "touchy", new LedgerReport.Projection(593, 0, 7, 0)));
  }

  @Test
  void parksALogThatTheRuleItselfFailsFor() {
    touchy.failToTakeWith(MISTAKE);
    givenRecord(0, log("web-1/1", "/a"));
    givenRecord(0, log("web-1/2", "/poison"));
    givenRecord(0, log("web-1/3", "/c"));
    assertThat(letters(State.PARKED, "touchy")).hasSize(1);
    assertThat(folded()).isEqualTo(2);
  }

  static Stream<RuntimeException> databaseAway() {
    return Stream.of(
        new QueryTimeoutException("too slow"),
        new DataAccessResourceFailureException("no connection"));
  }

  @ParameterizedTest
  @MethodSource("databaseAway")
  void parksNothingWhileTheDatabaseIsAway(RuntimeException away) {
    touchy.failWith(away);
    givenRecord(0, log("web-1/1", "/a"));
    givenRecord(0, log("web-1/2", "/poison"));
    untilItFailed(2);
    assertThat(rows("dead_letter")).isEmpty();
    touchy.failWith(null);
    assertThat(folded()).isEqualTo(2);
    assertThat(letters(null, null)).isEmpty();
  }

  /** The partition is one that is folded carefully already. */
  @Test
  void parksNothingMoreWhenTheDatabaseGoesAwayAfterAMistake() {
    touchy.failWith(MISTAKE);
    givenRecord(0, log("web-1/1", "/poison"));
    assertThat(letters(State.PARKED, null)).hasSize(1);
    touchy.failWith(new DataAccessResourceFailureException("no connection"));
    givenRecord(0, log("web-1/2", "/poison"));
    untilItFailed(2);
    touchy.failWith(null);
    assertThat(folded()).isEqualTo(1);
    assertThat(letters(null, null)).hasSize(1);
  }

  @Test
  void stopsAProjectionThatFailsForTooManyAndGoesOnWhenItIsMended() {
    touchy.failWith(new DataIntegrityViolationException("a mistake"));
    for (int i = 0; i < 60; i++) {
      givenRecord(0, log("web-1/" + i, "/poison"));
    }
    await().untilAsserted(() -> assertThat(rows("dead_letter")).hasSizeGreaterThan(15));
    untilItFailed(touchy.failures.get() + 2);
    // Of 24 logs it may fail for 2 anyway.
    assertThat(rows("dead_letter")).hasSizeLessThanOrEqualTo(22);
    touchy.failWith(null);
    assertThat(folded()).isEqualTo(60 - letters(State.PARKED, null).size());
  }

  @Test
  void foldsALogAfterAllThatAProjectionFailedFor() {
    touchy.failWith(MISTAKE);
    givenRecord(1, log("web-1/1", "/a"));
    givenRecord(1, log("web-1/2", "/poison"));
    givenRecord(1, log("web-1/3", "/c"));
    long id = letters(State.PARKED, null).get(0).id();
    touchy.failWith(null);

    assertThat(whenPost("/dead-letters/" + id + "/retry"))
        .hasStatusOk()
        .bodyJson()
        .extractingPath("$.letter.state")
        .isEqualTo("RETRIED");
    assertThat(folded()).isEqualTo(3);
    assertThat(ledger().projections().get("touchy"))
        .isEqualTo(new LedgerReport.Projection(3, 0, 0, 0));
    // What the fold had in memory knows nothing of the retried log.
    givenRecord(1, log("web-1/4", "/d"));
    assertThat(folded()).isEqualTo(4);
    assertThat(whenPost("/dead-letters/" + id + "/retry")).hasStatus(409);
    assertThatNothingEverFailed();
  }

  @Test
  void takesARecordInAfterAllThatCouldNotBeRead() {
    cryptic.fail(true);
    givenRecord(1, log("web-1/1", "/a"));
    givenRecord(1, log("web-1/2", "/cryptic"));
    givenRecord(1, Logs.serverError("/cryptic/unkeyed"));
    givenRecord(1, log("web-1/3", "/c"));
    givenRecord(1, log("a-key", "/cryptic"));
    assertThat(ledger()).returns(2L, LedgerReport::unique).returns(3L, LedgerReport::unreadable);
    cryptic.fail(false);
    retryAll();

    assertThat(ledger())
        .returns(5L, LedgerReport::unique)
        .returns(0L, LedgerReport::unreadable)
        .returns(5L, LedgerReport::lines);
    givenRecord(1, log("web-1/4", "/d"));
    assertThat(folded()).isEqualTo(6);
    assertThatNothingEverFailed();
  }

  private void givenRecord(int part, AccessLog log) {
    givenRecord(part, new LogReceived("!" + log.path(), 1, null, log));
  }

  @Test
  void countsALineOnceWhenBothOfItsCopiesAreRetried() {
    cryptic.fail(true);
    givenRecord(2, log("web-1/1", "/cryptic"));
    givenRecord(2, log("web-1/1", "/cryptic"));
    givenRecord(2, log("a-key", "/cryptic"));
    givenRecord(2, log("a-key", "/cryptic"));
    givenRecord(2, log("web-1/2", "/b"));
    untilFolded();
    cryptic.fail(false);
    retryAll();
    assertThat(ledger()).returns(3L, LedgerReport::unique).returns(2L, LedgerReport::duplicate);
    assertThat(folded()).isEqualTo(3);
    assertThatNothingEverFailed();
  }

  @Test
  void countsALineOnceWhenItsRequestWasSentAgainMeanwhile() {
    cryptic.fail(true);
    givenRecord(2, log("web-1/1", "/cryptic"));
    givenRecord(2, log("a-key", "/cryptic"));
    untilFolded();
    cryptic.fail(false);
    givenRecord(2, log("web-1/1", "/cryptic"));
    givenRecord(2, log("a-key", "/cryptic"));
    assertThat(folded()).isEqualTo(2);
    retryAll();
    assertThat(ledger()).returns(2L, LedgerReport::unique).returns(2L, LedgerReport::duplicate);
    assertThat(folded()).isEqualTo(2);
  }

  @Test
  void parksForAProjectionWhatCanBeReadButNotFolded() {
    cryptic.fail(true);
    givenRecord(1, log("web-1/1", "/cryptic"));
    untilFolded();
    cryptic.fail(false);
    touchy.failWith(MISTAKE);
    jdbc().update("UPDATE dead_letter SET bytes = ?", bytesOf(log("web-1/1", "/poison")));
    jdbc().update("UPDATE dead_letter SET size = LENGTH(bytes)");
    retryAll();
    assertThat(letters(State.PARKED, "touchy")).hasSize(1);
    assertThat(letters(State.RETRIED, "requests")).hasSize(1);
    assertThat(ledger().projections().get("stats"))
        .isEqualTo(new LedgerReport.Projection(1, 0, 0, 0));
    assertThat(ledger().projections().get("touchy"))
        .isEqualTo(new LedgerReport.Projection(0, 0, 1, 0));
  }

  @Test
  void takesInRejectedLinesAfterAll() {
    byte[] event =
        bytesOf(
            new LogsRejected(
                "web-1/1", null, "shop", new TreeMap<>(Map.of("bad-line", 3)), List.of()));
    givenRecord(0, written(log("web-1/1", "/")).headers(), new byte[] {1});
    untilFolded();
    jdbc()
        .update(
            "UPDATE dead_letter SET bytes = ?, size = ?, headers = REPLACE(headers, ?, ?)",
            event,
            event.length,
            base64(LogReceived.class.getName()),
            base64(LogsRejected.class.getName()));
    retryAll();
    assertThat(ledger())
        .returns(0L, LedgerReport::unreadable)
        .returns(3L, LedgerReport::lines)
        .returns(Map.of("bad-line", 3L), LedgerReport::rejectedByCode);
  }

  /** Else a retry would count what was folded again. */
  @Test
  void forgetsALetterWhoseRecordIsFoldedAgain() {
    touchy.failWith(MISTAKE);
    givenRecord(1, log("web-1/1", "/poison"));
    assertThat(letters(State.PARKED, null)).hasSize(1);
    touchy.failWith(null);
    foldAgain();
    assertThat(folded()).isEqualTo(1);
    assertThat(letters(null, null)).isEmpty();
  }

  @Test
  void keepsApartTheLettersOfEachGeneration() {
    touchy.failWith(MISTAKE);
    givenRecord(1, log("web-1/1", "/a"));
    givenRecord(1, log("web-1/2", "/poison"));
    givenRecord(1, log("web-1/3", "/poison"));
    untilFolded();
    replay("touchy");
    assertThat(letters(State.PARKED, "touchy")).hasSize(4);
    assertThat(ledger().projections().get("touchy"))
        .isEqualTo(new LedgerReport.Projection(1, 0, 2, 0));
    touchy.failWith(null);
    letters(State.PARKED, "touchy").stream()
        .filter(letter -> letter.generation() == generations.live("touchy"))
        .forEach(this::retry);
    assertThat(folded()).isEqualTo(3);
    assertThat(letters(State.PARKED, "touchy")).hasSize(2);
    replay("touchy");
    assertThat(folded()).isEqualTo(3);
  }

  /** The generation that was replaced is fed too, so that it can have its place back. */
  @Test
  void takesALateRecordIntoEveryGenerationThatIsFed() {
    cryptic.fail(true);
    givenRecord(1, log("web-1/1", "/cryptic"));
    givenRecord(1, log("web-1/2", "/b"));
    untilFolded();
    int old = generations.live("touchy");
    replay("touchy");
    cryptic.fail(false);
    retryAll();
    givenRecord(1, log("web-1/3", "/c"));
    untilFolded();
    assertThat(rows("touchy", old)).isEqualTo(rows("touchy", generations.live("touchy")));
    assertThat(folded()).isEqualTo(3);
  }

  @Test
  void parksARetriedLogAgainThatFailsWhenItIsFoldedAgain() {
    touchy.failWith(MISTAKE);
    givenRecord(1, log("web-1/1", "/poison"));
    untilFolded();
    touchy.failWith(null);
    retryAll();
    touchy.failWith(MISTAKE);
    foldAgain();
    assertThat(letters(State.PARKED, "touchy")).hasSize(1);
    assertThat(folded()).isZero();
    touchy.failWith(null);
    retryAll();
    assertThat(folded()).isEqualTo(1);
    assertThatNothingEverFailed();
  }

  @Test
  void correctsTheLedgerWhereItIsKeptByTheHour() {
    touchy.failWith(MISTAKE);
    givenRecord(1, log("web-1/1", "/poison"));
    untilFolded();
    jdbc().update("UPDATE ledger SET bucket = '2025-06-10 10:00:00'");
    touchy.failWith(null);
    retryAll();
    assertThat(ledger().projections().get("touchy"))
        .isEqualTo(new LedgerReport.Projection(1, 0, 0, 0));
    assertThat(rows("ledger")).noneMatch(row -> row.contains("dead-lettered"));
  }

  /** Whatever failed was mended, so that all is folded again as if nothing ever had. */
  private void assertThatNothingEverFailed() {
    untilFolded();
    List<List<String>> before = tables();
    replay("touchy", "stats", "error-log", "routes");
    assertThat(before).isEqualTo(tables());
  }

  private List<List<String>> tables() {
    return Stream.of(
            "stats_minute",
            "stats_hour",
            "error_log",
            "error_count",
            "route_minute",
            "route_known",
            "ledger")
        .map(this::rows)
        .collect(Collectors.collectingAndThen(Collectors.toList(), this::andThoseOfTouchy));
  }

  private List<List<String>> andThoseOfTouchy(List<List<String>> tables) {
    tables.add(rows("touchy", generations.live("touchy")));
    return tables;
  }

  private void retryAll() {
    letters(State.PARKED, null).forEach(this::retry);
  }

  private void retry(DeadLetterReport letter) {
    assertThat(whenPost("/dead-letters/" + letter.id() + "/retry")).hasStatusOk();
  }

  private void untilItFailed(int times) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(touchy.failures.get()).isGreaterThanOrEqualTo(times));
  }

  private static LogReceived log(String request, String path) {
    return new LogReceived(request, 1, null, Logs.ok(path));
  }

  private byte[] bytesOf(Object event) {
    return written(event).value();
  }

  private static String base64(String text) {
    return java.util.Base64.getEncoder()
        .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Logs that the touchy projection has counted. */
  private long folded() {
    untilFolded();
    Long logs =
        jdbc()
            .queryForObject(
                "SELECT COALESCE(SUM(logs), 0) FROM touchy WHERE generation = ?",
                Long.class,
                generations.live("touchy"));
    return logs == null ? 0 : logs;
  }

  private List<DeadLetterReport> letters(@Nullable State state, @Nullable String projection) {
    return when(new FindDeadLetters(state, projection, 1_000, null), DeadLetterList.class)
        .letters();
  }

  private LedgerReport ledger() {
    return when(new FindLedger(Instant.EPOCH, NEVER, null), LedgerReport.class);
  }
}
