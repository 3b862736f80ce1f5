package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.ingest.LogReceived;
import io.logfold.query.Logs;
import io.logfold.query.fold.Generation.State;
import io.logfold.query.fold.Generation.Switching;
import io.logfold.query.replay.Replays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Given logs in two segments, when other processes are there too, expect that each has its own. */
@TestPropertySource(properties = "logfold.fold.segments=2")
class FairShareTest extends ProjectionTest {

  @Autowired private Replays replays;
  @Autowired private Generations generations;
  @Autowired private FeedPositionTable feeds;
  @Autowired private FairShare share;

  @AfterEach
  void isAlone() {
    jdbc().update("DELETE FROM fold_node WHERE node = 'other'");
    share.beThere();
  }

  @Test
  void sharesTheFoldWithEveryProcess() {
    share.beThere();
    assertThat(share.getMaxSegments(LogFold.PROCESSOR)).isEqualTo(2);
    otherBegins("stats:0");
    assertThat(share.getMaxSegments(LogFold.PROCESSOR)).isEqualTo(1);
  }

  @Test
  void sharesARebuildOnlyWithProcessesOfItsRelease() {
    otherBegins("error-log:1,stats:1");
    assertThat(share.maxSegmentsToFeed("stats", 1)).isEqualTo(1);
    assertThat(share.maxSegmentsToFeed("error-log", 2)).isEqualTo(2);
  }

  @Test
  void buildsEverySegmentWhileAProcessOfAnotherReleaseIsThere() {
    givenEvent(0, Logs.NOW, new LogReceived("!even", 1, null, Logs.ok("/even")));
    givenEvent(1, Logs.NOW, new LogReceived("!odd", 1, null, Logs.ok("/odd")));
    untilFolded();
    otherBegins("stats:0");
    Generation begun = replays.begin("stats", null, null, Switching.BY_HAND);
    untilReplay(
        () ->
            generations.find(begun.fold()).filter(each -> each.state() == State.READY).isPresent());
    assertThat(feeds.all().get(begun.fold())).hasSize(2);
  }

  private void otherBegins(String canFeed) {
    jdbc()
        .update(
            "INSERT INTO fold_node (node, seen, feeds) VALUES ('other', CURRENT_TIMESTAMP(3) + INTERVAL '1' HOUR, ?)",
            canFeed);
    share.beThere();
  }
}
