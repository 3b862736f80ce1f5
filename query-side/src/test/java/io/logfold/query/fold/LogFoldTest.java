package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.api.stats.FindStats;
import io.logfold.api.stats.StatsRange;
import io.logfold.api.stats.StatsReport;
import io.logfold.query.Logs;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class LogFoldTest extends ProjectionTest {

  @Autowired private MeterRegistry metrics;
  @Autowired private RequestMemory memory;
  @Autowired private FairShare share;
  @Autowired private LedgerUpkeep upkeep;

  @Test
  void countsALogOnceWhenItsRequestIsRetried() {
    givenRequest("web-1/7", 1, Logs.ok("/a"), Logs.ok("/b"));
    givenRequest("web-1/7", 1, Logs.ok("/a"), Logs.ok("/b"));
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void countsEachLineOnceWhenATryArrivedInPartAndItsTailAfterTheRetry() {
    AccessLog log = Logs.ok("/a");
    givenEvent(2, Logs.NOW, new LogReceived("web-1/8", 1, null, log));
    givenRequest("web-1/8", 2, log, log, log);
    givenEvent(2, Logs.NOW, new LogReceived("web-1/8", 2, null, log));
    givenEvent(2, Logs.NOW, new LogReceived("web-1/8", 3, null, log));
    assertThat(requests()).isEqualTo(3);
  }

  @Test
  void remembersANumberedStreamHoweverLongAgo() {
    givenRequest("web-2/1", 1, Logs.ok("/a"));
    givenRequest("web-2/2", 1, Logs.ok("/b"));
    givenEvent(
        1, Logs.NOW.plus(Duration.ofDays(400)), new LogReceived("web-2/1", 1, null, Logs.ok("/a")));
    assertThat(requests()).isEqualTo(2);
    assertThat(rows("request_memory")).hasSize(1);
  }

  @Test
  void remembersAnOpaqueKeyForAQuarterOfAnHourOfAppendTime() {
    LogReceived event = new LogReceived("6f9c", 1, null, Logs.ok("/a"));
    givenEvent(0, Logs.NOW, event);
    givenEvent(0, Logs.NOW.plus(Duration.ofMinutes(15)), event);
    assertThat(requests()).isEqualTo(1);
    givenEvent(0, Logs.NOW.plus(Duration.ofMinutes(31)), event);
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void forgetsOpaqueKeysThatAreOld() {
    givenRequest("old-key", 3, Logs.ok("/a"));
    givenEvent(
        3, Logs.NOW.plus(Duration.ofHours(1)), new LogReceived("new-key", 1, null, Logs.ok("/a")));
    assertThat(requests()).isEqualTo(2);
    assertThat(rows("request_memory")).hasSize(1).allMatch(row -> row.contains("new-key"));
  }

  @Test
  void neverTakesAKeyForTheStreamOfTheSameName() {
    givenRequest("shop/5", 1, Logs.ok("/a"));
    givenRequest("shop", 1, Logs.ok("/b"));
    givenRequest("shop/6", 1, Logs.ok("/c"));
    givenRequest("shop", 1, Logs.ok("/b"));
    assertThat(requests()).isEqualTo(3);
  }

  @Test
  void neverTakesEqualLogsWithoutAKeyForRepeats() {
    given(Logs.ok("/same"));
    given(Logs.ok("/same"));
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void goesOnAfterARecordThatCannotBeReadAndCountsIt() {
    double before = counted("unreadable");
    givenRecord(1, new RecordHeaders(), new byte[] {1, 2, 3});
    givenRequest("web-3/1", 1, Logs.ok("/a"));
    assertThat(requests()).isEqualTo(1);
    assertThat(counted("unreadable") - before).isEqualTo(1);
  }

  @Test
  void countsRejectedLinesAndFoldsNoneOfThem() {
    double before = counted("rejected:b");
    givenEvent(
        1,
        Logs.NOW,
        new LogsRejected(
            "web-4/1", null, "shop", new TreeMap<>(java.util.Map.of("a", 2, "b", 3)), List.of()));
    assertThat(requests()).isZero();
    assertThat(counted("rejected:b") - before).isEqualTo(3);
  }

  @Test
  void forgetsAKeyWhenTooManyOthersCameAfterItInItsPartition() {
    givenRequest("key-0", 2, Logs.ok("/a"));
    for (int key = 1; key <= 20; key++) {
      givenRequest("key-" + key, 2, Logs.ok("/a"));
    }
    givenRequest("other-partition", 3, Logs.ok("/a"));
    givenRequest("key-1", 2, Logs.ok("/a"));
    assertThat(requests()).isEqualTo(22);
    givenRequest("key-0", 2, Logs.ok("/a"));
    assertThat(requests()).isEqualTo(23);
    assertThat(rows("request_memory")).hasSize(21);
  }

  @Test
  void remembersRequestsWhenWhatIsAtHandIsGone() {
    givenRequest("web-8/1", 0, Logs.ok("/a"), Logs.ok("/b"));
    givenRequest("a-key", 0, Logs.ok("/c"));
    untilFolded();
    memory.forget(0);
    givenRequest("web-8/1", 0, Logs.ok("/a"), Logs.ok("/b"));
    givenRequest("a-key", 0, Logs.ok("/c"), Logs.ok("/d"));
    assertThat(requests()).isEqualTo(4);
  }

  @Test
  void makesHoursOfTheLedgersMinutesAfterTwoDays() {
    Instant old = Instant.parse("2025-06-01T10:00:00Z");
    for (int minute = 0; minute < 120; minute++) {
      givenEvent(
          0,
          old.plus(Duration.ofMinutes(minute)),
          new LogReceived("web-9/" + minute, 1, null, Logs.ok("/a")));
    }
    givenRequest("web-9/120", 0, Logs.ok("/a"));
    untilFolded();
    assertThat(rows("ledger")).hasSize(4 * 121);
    upkeep.makeHoursOfOldMinutes();
    upkeep.makeHoursOfOldMinutes();
    assertThat(rows("ledger")).hasSize(4 * 3);
    assertThat(jdbc().queryForList("SELECT DISTINCT line_count FROM ledger ORDER BY 1", Long.class))
        .containsExactly(1L, 60L);
  }

  @Test
  void saysInTheDatabaseThatThisProcessFolds() {
    share.beThere();
    assertThat(rows("fold_node")).hasSize(1);
    assertThat(share.getMaxSegments(LogFold.PROCESSOR)).isEqualTo(4);
    jdbc().update("INSERT INTO fold_node (node) VALUES ('another')");
    share.beThere();
    assertThat(share.getMaxSegments(LogFold.PROCESSOR)).isEqualTo(2);
    jdbc().update("UPDATE fold_node SET seen = seen - INTERVAL '7' SECOND WHERE node = 'another'");
    share.beThere();
    assertThat(share.getMaxSegments(LogFold.PROCESSOR)).isEqualTo(4);
    jdbc().update("DELETE FROM fold_node");
  }

  private double counted(String entry) {
    return metrics.counter("logfold.ledger.lines", "fold", "requests", "entry", entry).count();
  }

  @Test
  void deliveringTheSameOffsetsAgainChangesNothing() {
    givenRequest("!a", 1, Logs.serverError("/a"));
    untilFolded();
    List<String> before = rows("stats_minute");
    long offset = folded(1) - 1;
    givenEvent(1, offset, Logs.NOW, new LogReceived("!a", 1, null, Logs.serverError("/a")));
    givenRequest("!b", 2, Logs.ok("/b"));
    untilFolded();
    assertThat(rows("error_log")).hasSize(1);
    assertThat(rows("stats_minute")).containsAll(before).hasSize(2);
  }

  @Test
  void foldsTheSameRowsAgainAfterAReset() {
    manyLogs();
    untilFolded();
    List<List<String>> before = tables();
    replay("stats", "error-log", "routes");
    assertThat(tables()).isEqualTo(before);
  }

  @Test
  void leavesTheOtherProjectionAloneWhenOneIsReset() {
    manyLogs();
    untilFolded();
    List<List<String>> before = tables();
    jdbc().update("UPDATE error_log SET host = 'untouched'");
    replay("stats");
    assertThat(rows("stats_minute")).isEqualTo(before.get(0));
    assertThat(rows("error_log")).isNotEmpty().allMatch(row -> row.contains("untouched"));
  }

  private void manyLogs() {
    for (int part = 0; part < 4; part++) {
      AccessLog[] logs =
          IntStream.range(0, 900)
              .mapToObj(
                  i ->
                      Logs.from(
                          "10.0." + i / 250 + "." + i % 250,
                          i % 3 == 0 ? Logs.serverError("/x" + i) : Logs.ok("/y" + i)))
              .toArray(AccessLog[]::new);
      givenRequest("many-" + part + "/" + System.nanoTime(), part, logs);
    }
  }

  private List<List<String>> tables() {
    return List.of(
        rows("stats_minute"),
        rows("stats_hour"),
        rows("error_log"),
        rows("error_count"),
        rows("route_minute"),
        rows("route_known"));
  }

  private long folded(int part) {
    Long next =
        jdbc()
            .queryForObject(
                "SELECT next_offset FROM fold_position WHERE fold = 'stats' AND part = ?",
                Long.class,
                part);
    return next == null ? 0 : next;
  }

  private long requests() {
    return when(new FindStats(StatsRange.HOUR, null), StatsReport.class).requests();
  }
}
