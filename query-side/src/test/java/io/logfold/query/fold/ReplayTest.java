package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.logfold.api.AccessLog;
import io.logfold.api.errorlog.ErrorLogPage;
import io.logfold.api.errorlog.FindErrorLogs;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.stats.FindStats;
import io.logfold.api.stats.StatsRange;
import io.logfold.api.stats.StatsReport;
import io.logfold.query.Logs;
import io.logfold.query.fold.Generation.State;
import io.logfold.query.fold.Generation.Switching;
import io.logfold.query.replay.Replays;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.transaction.support.TransactionTemplate;

/** Given logs, when a read model is built anew, expect what answers meanwhile and afterwards. */
class ReplayTest extends ProjectionTest {

  private static final List<String> TABLES =
      List.of(
          "stats_minute",
          "stats_hour",
          "error_log",
          "error_count",
          "route_minute",
          "route_known",
          "ledger");

  @Autowired private Replays replays;
  @Autowired private Generations generations;
  @Autowired private Feeders feeders;
  @Autowired private TransactionTemplate transaction;
  @Autowired private FeedPositionTable feeds;
  @Autowired private FoldPositionTable positions;

  @Test
  void answersFromTheOldRowsUntilItIsSwitched() {
    given(Logs.serverError("/a"), Logs.ok("/b"));
    untilFolded();
    spoil("error_log", "host = 'old'");
    Generation begun = replays.begin("error-log", "a try", null, Switching.BY_HAND);
    untilReady(begun);
    given(Logs.serverError("/c"));
    assertThat(errors()).isEqualTo(2);
    assertThat(rows("error_log")).filteredOn(row -> row.contains("|old|")).hasSize(1);
    replays.switchTo(begun.fold());
    assertThat(errors()).isEqualTo(2);
    assertThat(rows("error_log")).noneMatch(row -> row.contains("|old|"));
  }

  @Test
  void isEqualToWhatWasThereWhenNothingChanged() {
    manyLogs(Logs.random());
    untilFolded();
    Map<String, List<String>> before = tables();
    replay("stats", "error-log", "routes");
    assertThat(tables()).isEqualTo(before);
  }

  @Test
  void passesOverTheRepeatsThatTheFoldPassedOver() {
    AccessLog log = Logs.serverError("/a");
    givenRequest("web-1/1", 0, log, log, log);
    givenRequest("web-1/2", 0, log);
    givenRequest("web-1/1", 0, log, log, log);
    givenRequest("a-key", 0, log);
    givenRequest("a-key", 0, log, log);
    givenRecord(0, new RecordHeaders(), new byte[] {1, 2, 3});
    untilFolded();
    Map<String, List<String>> before = tables();
    replay("stats", "error-log", "routes");
    assertThat(tables()).isEqualTo(before);
    assertThat(errors()).isEqualTo(6);
  }

  @Test
  void goesOnWithTheFoldAfterItWasHandedOver() {
    Random random = Logs.random();
    manyLogs(random);
    untilFolded();
    Generation begun = replays.begin("stats", null, null, Switching.BY_HAND);
    manyLogs(random);
    untilReady(begun);
    manyLogs(random);
    untilFolded();
    assertThat(feeds.all()).isEmpty();
    assertThat(rows("stats_minute", begun.fold().generation())).isEqualTo(rows("stats_minute"));
    assertThat(rows("stats_hour", begun.fold().generation())).isEqualTo(rows("stats_hour"));
  }

  @Test
  void isGoneBackFromWithoutALoss() {
    given(Logs.serverError("/a"));
    untilFolded();
    int old = generations.live("error-log");
    Generation begun = replays.begin("error-log", null, null, Switching.WHEN_READY);
    untilReplay(() -> generations.live("error-log") == begun.fold().generation());
    given(Logs.serverError("/b"));
    untilFolded();
    replays.rollBack(begun.fold());
    assertThat(generations.live("error-log")).isEqualTo(old);
    assertThat(errors()).isEqualTo(2);
    given(Logs.serverError("/c"));
    assertThat(errors()).isEqualTo(3);
    assertThat(rows("error_log", begun.fold().generation())).isEqualTo(rows("error_log"));
  }

  /** Some keys are of partitions in which nothing was when a replay was switched to. */
  @Test
  void isGoneBackFromWithoutALossInAPartitionThatBeganSince() {
    given(Logs.serverError("/a"));
    replay("stats", "error-log", "routes");
    List<Fold> begun = List.of(live("stats"), live("error-log"), live("routes"));
    givenRequest("elsewhere", 1, Logs.serverError("/b"), Logs.ok("/c"));
    untilFolded();
    Map<String, List<String>> after = tables();
    begun.forEach(replays::rollBack);
    assertThat(tables()).isEqualTo(after);
    assertThat(errors()).isEqualTo(2);
  }

  private Fold live(String projection) {
    return new Fold(projection, generations.live(projection));
  }

  @Test
  void leavesNothingBehindWhenItIsCancelled() {
    manyLogs(Logs.random());
    untilFolded();
    Generation begun = replays.begin("routes", null, null, Switching.BY_HAND);
    untilReady(begun);
    replays.cancel(begun.fold());
    untilReplay(() -> find(begun).dropped());
    int generation = begun.fold().generation();
    for (String table : List.of("route_minute", "route_known")) {
      assertThat(rows(table, generation)).as(table).isEmpty();
    }
    assertThat(rows("ledger", generation)).filteredOn(row -> row.contains("routes")).isEmpty();
    assertThat(positions.positions(begun.fold())).isEmpty();
    assertThat(feeds.all()).isEmpty();
    assertThat(feederTokens()).isEmpty();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("feed"));
  }

  @Test
  void keepsTheOldRowsForAWhileAndThenDropsThem() {
    given(Logs.serverError("/a"));
    untilFolded();
    int old = generations.live("stats");
    replay("stats");
    assertThat(rows("stats_hour", old)).isNotEmpty();
    timeIs(Logs.NOW.plus(Duration.ofHours(25)));
    untilReplay(() -> generations.of("stats").stream().anyMatch(Generation::dropped));
    assertThat(rows("stats_hour", old)).isEmpty();
    assertThat(rows("stats_hour")).isNotEmpty();
    Generation live = generations.answering("stats");
    assertThatThrownBy(() -> replays.rollBack(live.fold()))
        .hasMessageContaining("There is nothing to go back to");
  }

  @Test
  void isOneAtATimeForAProjection() {
    given(Logs.ok("/a"));
    untilFolded();
    Generation begun = replays.begin("stats", null, null, Switching.BY_HAND);
    assertThatThrownBy(() -> replays.begin("stats", null, null, Switching.BY_HAND))
        .hasMessageContaining(begun.fold().id() + " is being built: only one generation");
    Generation other = replays.begin("error-log", null, null, Switching.BY_HAND);
    untilReady(begun);
    untilReady(other);
  }

  @Test
  void switchesByItselfOnlyWhenNothingDiffersIfAskedTo() {
    given(Logs.serverError("/a"));
    untilFolded();
    int old = generations.live("error-log");
    spoil("error_log", "path = '/other'");
    Generation differing = replays.begin("error-log", null, null, Switching.WHEN_EQUAL);
    untilReplay(() -> find(differing).reason() != null);
    assertThat(find(differing).reason()).contains("differs in 1");
    assertThat(generations.live("error-log")).isEqualTo(old);
    jdbc().update("UPDATE error_log SET path = '/a'");
    replays.cancel(differing.fold());
    Generation equal = replays.begin("error-log", null, null, Switching.WHEN_EQUAL);
    untilReplay(() -> generations.live("error-log") == equal.fold().generation());
  }

  @Test
  void carriesOverWhatIsNoLongerOnTheLog() {
    Instant yesterday = Logs.NOW.minus(Duration.ofHours(3));
    for (int i = 0; i < 4; i++) {
      givenEvent(0, yesterday, event("old-" + i, Logs.at(yesterday, Logs.serverError("/old" + i))));
    }
    for (int i = 0; i < 4; i++) {
      givenEvent(0, Logs.NOW, event("new-" + i, Logs.serverError("/new" + i)));
      givenEvent(
          0, Logs.NOW, event("late-" + i, Logs.at(yesterday, Logs.serverError("/late" + i))));
    }
    untilFolded();
    Map<String, List<String>> before = uncarried(tables());
    givenLost(0, 3);
    replay("stats", "error-log", "routes");
    assertThat(uncarried(tables())).isEqualTo(before);
    assertThat(rows("error_log")).filteredOn(row -> row.endsWith("TRUE|")).hasSize(3);
    assertThat(rows("stats_minute")).filteredOn(row -> row.endsWith("TRUE|")).hasSize(1);
    givenEvent(0, Logs.NOW, event("later", Logs.at(yesterday, Logs.serverError("/later"))));
    assertThat(errors()).isEqualTo(13);
    assertThat(requests()).isEqualTo(13);
  }

  @Test
  void readsFromATimeAndCarriesOverTheRest() {
    Instant yesterday = Logs.NOW.minus(Duration.ofHours(3));
    givenEvent(0, yesterday, event("old", Logs.at(yesterday, Logs.serverError("/old"))));
    givenEvent(0, Logs.NOW, event("new", Logs.serverError("/new")));
    untilFolded();
    Map<String, List<String>> before = uncarried(tables());
    Generation begun =
        replays.begin("error-log", null, Logs.NOW.minusSeconds(60), Switching.WHEN_READY);
    untilReplay(() -> generations.live("error-log") == begun.fold().generation());
    assertThat(uncarried(tables())).isEqualTo(before);
    assertThat(rows("error_log")).filteredOn(row -> row.endsWith("TRUE|")).hasSize(1);
  }

  /** Where it was a moment ago is not where the fold is now: what answers would go back. */
  @Test
  void isNotLevelBeforeItIsHandedOver() {
    given(Logs.ok("/a"), Logs.ok("/b"));
    untilFolded();
    transaction.executeWithoutResult(
        status -> {
          Fold begun = replays.begin("stats", null, null, Switching.BY_HAND).fold();
          jdbc().update("UPDATE feed_position SET next_offset = 2 WHERE fold = 'stats'");
          assertThat(feeders.behind(begun)).isPositive();
          status.setRollbackOnly();
        });
  }

  /** Each process looks after all rebuilds, and sees what it has just read. */
  @Test
  void isNoErrorWhenAnotherProcessWasQuicker() throws Exception {
    given(Logs.ok("/a"));
    untilFolded();
    Generation begun = replays.begin("stats", null, null, Switching.BY_HAND);
    CompletableFuture<Void> looking =
        transaction.execute(
            status -> {
              jdbc().queryForList("SELECT * FROM projection_generation FOR UPDATE");
              CompletableFuture<Void> look = CompletableFuture.runAsync(() -> untilReady(begun));
              await().until(this::isSomebodyWaiting);
              jdbc()
                  .update(
                      "UPDATE projection_generation SET state = 'READY' WHERE state = 'BUILDING'");
              return look;
            });
    looking.get(30, TimeUnit.SECONDS);
  }

  private boolean isSomebodyWaiting() {
    return !jdbc()
        .queryForList("SELECT 1 FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL")
        .isEmpty();
  }

  /** Who stops a processor waits for its reader; a reader that waited for him would never end. */
  @Test
  void neverMakesTheReaderOfTheLogWaitForWhoeverStopsIt() throws Exception {
    given(Logs.ok("/a"));
    replay("stats");
    ReadAhead ahead = fedAhead();
    LogChunk chunk =
        LogChunk.of(
                List.of(
                    new ConsumerRecord<>(
                        "log",
                        0,
                        0L,
                        0L,
                        TimestampType.LOG_APPEND_TIME,
                        0,
                        0,
                        "",
                        new byte[0],
                        new RecordHeaders(),
                        Optional.empty())),
                none -> false)
            .get(0);
    Feeders stopping = feeders;
    synchronized (stopping) {
      CompletableFuture.runAsync(() -> ahead.delivered(chunk)).get(10, TimeUnit.SECONDS);
    }
    assertThat(ahead.hasRoom()).isTrue();
  }

  /** A process is killed after it has handed over the last partition, before it tidies up. */
  @Test
  void leavesNoTokensOfAFeederThatWasKilled() {
    given(Logs.serverError("/a"));
    replay("stats");
    String killed = "feed-" + generations.answering("stats").fold().id();
    jdbc()
        .update(
            "INSERT INTO token_entry (processor_name, segment, timestamp) VALUES (?, 0, '')",
            killed);
    untilReplay(() -> feederTokens().isEmpty());
  }

  /** The fold begins a partition in the moment in which a feeder hands over that it is empty. */
  @Test
  void lacksNothingOfAPartitionThatTheFoldBeganMeanwhile() {
    given(Logs.serverError("/a"));
    givenRequest("early/1", 1, Logs.serverError("/b"), Logs.serverError("/c"));
    untilFolded();
    Generation begun = replays.begin("error-log", null, null, Switching.BY_HAND);
    untilReady(begun);
    int generation = begun.fold().generation();
    jdbc().update("DELETE FROM error_log WHERE generation = ? AND path <> '/a'", generation);
    jdbc()
        .update(
            "DELETE FROM ledger WHERE fold = 'error-log' AND part = 1 AND generation = ?",
            generation);
    jdbc()
        .update(
            "UPDATE fold_position SET next_offset = 0 WHERE fold = 'error-log' AND part = 1 AND generation = ?",
            generation);
    givenRequest("early/2", 1, Logs.serverError("/d"));
    untilFolded();
    untilReplay(() -> feeds.all().isEmpty());
    assertThat(rows("error_log", generation)).isEqualTo(rows("error_log"));
    assertThat(positions.positions(begun.fold()))
        .isEqualTo(positions.positions(new Fold("error-log", generations.live("error-log"))));
  }

  @Test
  void isFedByNobodyOnceItIsCancelled() {
    given(Logs.serverError("/a"));
    untilFolded();
    Generation begun = replays.begin("error-log", null, null, Switching.BY_HAND);
    untilReady(begun);
    generations.cancel(begun.fold());
    given(Logs.serverError("/b"));
    untilFolded();
    assertThat(feeds.all()).isEmpty();
    assertThat(positions.positions(begun.fold())).isEmpty();
  }

  @Test
  void isNotGoneBackFromWhenTheTimeForThatIsOver() {
    given(Logs.serverError("/a"));
    replay("stats");
    Generation live = generations.answering("stats");
    timeIs(Logs.NOW.plus(Duration.ofHours(25)));
    assertThatThrownBy(() -> replays.rollBack(live.fold()))
        .hasMessageContaining("There is nothing to go back to");
    assertThat(generations.live("stats")).isEqualTo(live.fold().generation());
  }

  @Test
  void isLedOverHttp() {
    given(Logs.serverError("/a"), Logs.notFound("/b"));
    untilFolded();
    var answer = post("/replays", "{\"projection\": \"error-log\", \"note\": \"why not\"}");
    assertThat(answer).hasStatus(202).bodyJson().extractingPath("$.state").isEqualTo("building");
    String path = answer.getResponse().getHeader("Location");
    untilReplay(() -> text(path, "state").equals("ready"));
    assertThat(whenGet(path))
        .hasStatusOk()
        .bodyJson()
        .isLenientlyEqualTo(
            """
            {"projection": "error-log", "state": "ready", "note": "why not", "switching": "by-hand",
             "folded": 2, "toFold": 2, "percent": 100.0,
             "partitions": [{"partition": 0, "position": 2, "end": 2}]}
            """);
    assertThat(whenGet(path + "/progress"))
        .hasStatusOk()
        .bodyText()
        .contains("event:progress")
        .contains("\"state\":\"ready\"");
    assertThat(whenGet(path + "/diff"))
        .hasStatusOk()
        .bodyJson()
        .isLenientlyEqualTo("{\"equal\": true, \"figures\": []}");
    assertThat(post(path + "/rollback", "")).hasStatus(409);
    assertThat(post(path + "/switch", "")).hasStatusOk();
    assertThat(text(path, "state")).isEqualTo("switched");
    assertThat(post(path + "/cancel", "")).hasStatus(409);
    assertThat(post(path + "/rollback", "")).hasStatusOk();
    assertThat(text(path, "state")).isEqualTo("rolled-back");
    assertThat(whenGet("/replays")).hasStatusOk().bodyText().contains("rolled-back");
    assertThat(whenGet("/replays/error-log-99")).hasStatus(404);
    assertThat(whenGet("/replays/error-log-1")).hasStatus(404);
  }

  @Test
  void refusesWhatMakesNoSense() {
    for (String body :
        List.of(
            "",
            "[]",
            "{",
            "{\"projection\": 7}",
            "{\"projection\": \"nothing\"}",
            "{\"projection\": \"stats\", \"form\": \"2025-01-01T00:00:00Z\"}",
            "{\"projection\": \"stats\", \"from\": \"yesterday\"}",
            "{\"projection\": \"stats\", \"switch\": \"later\"}",
            "{\"projection\": \"stats\", \"note\": \"" + "x".repeat(501) + "\"}")) {
      assertThat(post("/replays", body))
          .as(body)
          .hasStatus(400)
          .hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
    }
    assertThat(feeds.all()).isEmpty();
  }

  private org.springframework.test.web.servlet.assertj.MvcTestResult post(String uri, String body) {
    return http().post().uri(uri).contentType(MediaType.APPLICATION_JSON).content(body).exchange();
  }

  private String text(String uri, String field) {
    try {
      return new com.fasterxml.jackson.databind.ObjectMapper()
          .readTree(http().get().uri(uri).exchange().getResponse().getContentAsString())
          .get(field)
          .asText();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void untilReady(Generation begun) {
    untilReplay(() -> find(begun).state() == State.READY);
    untilReplay(() -> !feeds.all().containsKey(begun.fold()));
  }

  private Generation find(Generation begun) {
    return generations.all().stream()
        .filter(each -> each.fold().equals(begun.fold()))
        .findFirst()
        .orElseThrow();
  }

  private List<String> feederTokens() {
    return jdbc()
        .queryForList(
            "SELECT processor_name FROM token_entry WHERE processor_name LIKE 'feed-%'",
            String.class);
  }

  private void spoil(String table, String assignment) {
    jdbc().update("UPDATE " + table + " SET " + assignment);
  }

  private void manyLogs(Random random) {
    for (int part = 0; part < 4; part++) {
      AccessLog[] logs = new AccessLog[200 + random.nextInt(300)];
      for (int i = 0; i < logs.length; i++) {
        AccessLog log =
            random.nextInt(3) == 0
                ? Logs.serverError("/x" + random.nextInt(20))
                : Logs.ok("/y" + random.nextInt(20));
        logs[i] =
            Logs.from(
                "10.0." + random.nextInt(4) + "." + random.nextInt(250),
                Logs.at(Logs.NOW.minusSeconds(random.nextInt(7_200)), log));
      }
      givenRequest("many-" + part + "/" + random.nextLong(1L << 40), part, logs);
    }
  }

  private static LogReceived event(String request, AccessLog log) {
    return new LogReceived("!" + request, 1, null, log);
  }

  private Map<String, List<String>> tables() {
    Map<String, List<String>> tables = new TreeMap<>();
    TABLES.forEach(table -> tables.put(table, rows(table)));
    return tables;
  }

  private static Map<String, List<String>> uncarried(Map<String, List<String>> tables) {
    Map<String, List<String>> uncarried = new TreeMap<>();
    tables.forEach(
        (table, rows) -> {
          List<String> same = new ArrayList<>();
          rows.forEach(row -> same.add(row.replaceFirst("(TRUE|FALSE)\\|$", "")));
          uncarried.put(table, same.stream().sorted().toList());
        });
    return uncarried;
  }

  private long errors() {
    return when(
            new FindErrorLogs(null, null, null, null, null, null, null, 10, 0), ErrorLogPage.class)
        .total();
  }

  private long requests() {
    return when(new FindStats(StatsRange.DAY, null), StatsReport.class).requests();
  }
}
