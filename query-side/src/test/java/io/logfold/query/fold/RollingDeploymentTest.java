package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import org.axonframework.queryhandling.QueryGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Given logs, when processes of two releases fold them, expect that none is lost or doubled. */
@TestPropertySource(properties = "logfold.fold.segments=1")
class RollingDeploymentTest extends ProjectionTest {

  private static final int ANOTHER_VERSION = 99;

  @Autowired private Replays replays;
  @Autowired private Generations generations;
  @Autowired private FeedPositionTable feeds;
  @Autowired private FoldPositionTable positions;
  @Autowired private FairShare share;
  @Autowired private QueryGateway queries;

  @AfterEach
  void isTheOnlyRelease() {
    releaseOf("stats", 1);
    otherReleaseEnds();
  }

  @Test
  void givesAwayWhatAnotherReleaseFeedsAndTakesItBackWithoutALoss() {
    given(Logs.ok("/a"), Logs.serverError("/b"));
    untilFolded();
    Fold live = generations.answering("stats").fold();
    releaseOf("stats", ANOTHER_VERSION);
    given(Logs.ok("/c"));
    untilReplay(() -> generations.answering("stats").fedUntil() != null);
    assertThat(feeds.all().get(live).get(0).nextOffset()).isEqualTo(2);
    assertThat(positions.positions(live)).isEmpty();

    timeIs(Logs.NOW.plus(Duration.ofMinutes(5)));
    StatsReport old = stats();
    assertThat(old.requests()).isEqualTo(2);
    assertThat(old.asOf()).isEqualTo(Logs.NOW);

    releaseOf("stats", 1);
    given(Logs.serverError("/d"));
    untilReplay(() -> feeds.all().isEmpty());
    untilReplay(() -> generations.answering("stats").fedUntil() == null);
    untilFolded();
    StatsReport now = stats();
    assertThat(now.requests()).isEqualTo(4);
    assertThat(now.asOf()).isEqualTo(Logs.NOW.plus(Duration.ofMinutes(5)));
    List<String> minutes = rows("stats_minute");
    List<String> ledger = rows("ledger");
    replay("stats");
    assertThat(rows("stats_minute")).isEqualTo(minutes);
    assertThat(rows("ledger")).isEqualTo(ledger);
  }

  @Test
  void letsTheOtherProjectionsGoOnMeanwhile() {
    given(Logs.serverError("/a"));
    untilFolded();
    releaseOf("stats", ANOTHER_VERSION);
    given(Logs.serverError("/b"), Logs.ok("/c"));
    Fold errors = generations.answering("error-log").fold();
    untilReplay(() -> positions.positions(errors).get(0) == 3);
    assertThat(rows("error_log")).hasSize(2);
  }

  /** What an older release folded has no counts, and answers until the newer one's is there. */
  @Test
  void countsErrorsThatAnOlderReleaseDidNotCount() {
    given(Logs.serverError("/a"), Logs.serverError("/b"));
    untilFolded();
    releaseOf("error-log", 1);
    jdbc().update("DELETE FROM error_count");
    assertThat(errors()).isEqualTo(2);
    Generation begun = replays.begin("error-log", null, null, Switching.WHEN_READY);
    untilReplay(() -> generations.live("error-log") == begun.fold().generation());
    assertThat(rows("error_count")).hasSize(3);
    assertThat(errors()).isEqualTo(2);
  }

  /** As long as processes of the older release fold, none of them can be handed what is newer. */
  @Test
  void isNotReadyBeforeItHasTakenOverWhatIsNoLongerOnTheLog() {
    Instant yesterday = Logs.NOW.minus(Duration.ofHours(3));
    givenEvent(0, yesterday, event("old", Logs.at(yesterday, Logs.serverError("/old"))));
    givenEvent(0, Logs.NOW, event("new", Logs.serverError("/new")));
    untilFolded();
    long before = stats().requests();
    givenLost(0, 1);
    otherReleaseBegins();
    Generation begun = replays.begin("stats", null, null, Switching.WHEN_READY);
    untilReplay(() -> feeds.all().get(begun.fold()).get(0).nextOffset() == 2);
    replays.look();
    replays.look();
    assertThat(generations.find(begun.fold()).map(Generation::state)).contains(State.BUILDING);

    otherReleaseEnds();
    untilReplay(() -> generations.live("stats") == begun.fold().generation());
    assertThat(stats().requests()).isEqualTo(before);
  }

  /**
   * Nobody feeds the older rows any more: they stand where the last process of their release left.
   */
  @Test
  void takesOverWhatIsNoLongerOnTheLogFromRowsThatNobodyFeedsAnyMore() {
    Instant yesterday = Logs.NOW.minus(Duration.ofHours(3));
    givenEvent(0, yesterday, event("old", Logs.at(yesterday, Logs.serverError("/old"))));
    givenEvent(0, Logs.NOW, event("new", Logs.serverError("/new")));
    untilFolded();
    releaseOf("stats", ANOTHER_VERSION);
    givenEvent(0, Logs.NOW, event("late", Logs.at(yesterday, Logs.ok("/late"))));
    untilReplay(() -> generations.answering("stats").fedUntil() != null);
    givenLost(0, 1);
    Generation begun = replays.begin("stats", null, null, Switching.WHEN_READY);
    givenEvent(0, Logs.NOW, event("newer", Logs.ok("/newer")));
    untilReplay(() -> generations.live("stats") == begun.fold().generation());
    untilFolded();
    assertThat(stats().requests()).isEqualTo(4);
    assertThat(rows("stats_hour")).hasSize(2);
    assertThat(feeds.all()).doesNotContainKey(begun.fold());
  }

  @Test
  void failsWhenWhatIsNoLongerOnTheLogIsInNoRows() {
    given(Logs.ok("/a"));
    untilFolded();
    releaseOf("stats", ANOTHER_VERSION);
    given(Logs.ok("/b"), Logs.ok("/c"));
    untilReplay(() -> generations.answering("stats").fedUntil() != null);
    givenLost(0, 2);
    Generation begun = replays.begin("stats", null, null, Switching.WHEN_READY);
    untilReplay(
        () ->
            generations
                .find(begun.fold())
                .filter(each -> each.state() == State.FAILED && each.dropped())
                .isPresent());
    assertThat(generations.find(begun.fold()).map(Generation::reason).orElse(""))
        .contains("before offset 2 of partition 0")
        .contains("stands at 1 there");
    assertThat(feeds.all()).doesNotContainKey(begun.fold());
    generations.fail(begun.fold(), "Another process found that out too.");
    assertThat(generations.find(begun.fold()).map(Generation::reason).orElse(""))
        .contains("before offset 2 of partition 0");
  }

  private long errors() {
    FindErrorLogs all = new FindErrorLogs(null, null, null, null, null, null, null, 50, 0);
    return queries.query(all, ErrorLogPage.class).join().total();
  }

  private void releaseOf(String projection, int version) {
    jdbc()
        .update(
            "UPDATE projection_generation SET version = ? WHERE name = ? AND state = 'LIVE'",
            version,
            projection);
    untilReplay(() -> generations.answering(projection).version() == version);
  }

  private void otherReleaseBegins() {
    jdbc()
        .update(
            "INSERT INTO fold_node (node, seen, feeds) VALUES ('older', CURRENT_TIMESTAMP(3) + INTERVAL '1' HOUR, 'stats:0')");
    share.beThere();
  }

  private void otherReleaseEnds() {
    jdbc().update("DELETE FROM fold_node WHERE node = 'older'");
    share.beThere();
  }

  private StatsReport stats() {
    return queries.query(new FindStats(StatsRange.DAY, null), StatsReport.class).join();
  }

  private static LogReceived event(String request, AccessLog log) {
    return new LogReceived("!" + request, 1, null, log);
  }
}
