package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.routes.FindRoutes;
import io.logfold.api.routes.RouteRange;
import io.logfold.api.routes.RouteReport;
import io.logfold.query.Logs;
import io.logfold.query.fold.Generation.Switching;
import io.logfold.query.replay.Replays;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** The routes are built anew while all that is counted is in their journal alone. */
@TestPropertySource(properties = "logfold.routes.write-every=1h")
class ReplayWithJournalTest extends ProjectionTest {

  private static final Instant EARLIER = Logs.NOW.minus(Duration.ofHours(3));

  @Autowired private Replays replays;
  @Autowired private Generations generations;

  @Test
  void countsTheSameRequestsAfterwards() {
    given(Logs.ok("/a"), Logs.notFound("/a"), Logs.ok("/b"));
    untilFolded();
    assertThat(rows("route_minute")).isEmpty();
    replay("routes");
    assertThat(requests()).isEqualTo(3);
    given(Logs.ok("/a"));
    assertThat(requests()).isEqualTo(4);
  }

  @Test
  void carriesOverWhatIsNoLongerOnTheLog() {
    for (int i = 0; i < 4; i++) {
      givenEvent(0, EARLIER, event("old-" + i, Logs.at(EARLIER, Logs.ok("/old"))));
    }
    for (int i = 0; i < 4; i++) {
      givenEvent(0, Logs.NOW, event("new-" + i, Logs.ok("/new")));
      givenEvent(0, Logs.NOW, event("late-" + i, Logs.at(EARLIER, Logs.ok("/old"))));
    }
    untilFolded();
    assertThat(rows("route_minute")).isEmpty();
    givenLost(0, 3);
    replay("routes");
    assertThat(requests()).isEqualTo(12);
    givenEvent(0, Logs.NOW, event("later", Logs.at(EARLIER, Logs.ok("/old"))));
    assertThat(requests()).isEqualTo(13);
  }

  @Test
  void isComparedWithWhatTheJournalsAddToo() {
    given(Logs.ok("/a"), Logs.notFound("/a"), Logs.ok("/b"));
    untilFolded();
    Generation begun = replays.begin("routes", null, null, Switching.WHEN_EQUAL);
    untilReplay(() -> generations.live("routes") == begun.fold().generation());
    given(Logs.ok("/a"));
    String diff = "/replays/" + begun.fold().id() + "/diff";
    assertThat(whenGet(diff)).bodyJson().extractingPath("$.equal").isEqualTo(true);
    jdbc().update("DELETE FROM route_journal WHERE generation = ?", generations.live("routes"));
    assertThat(whenGet(diff)).bodyJson().extractingPath("$.equal").isEqualTo(false);
    forgetPart(0);
  }

  private static LogReceived event(String request, AccessLog log) {
    return new LogReceived("!" + request, 1, null, log);
  }

  private long requests() {
    return when(new FindRoutes(RouteRange.DAY, null, 10), RouteReport.class).routes().stream()
        .mapToLong(RouteReport.Route::requests)
        .sum();
  }
}
