package io.logfold.query.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.api.ledger.FindLedger;
import io.logfold.api.ledger.LedgerReport;
import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LedgerTest extends ProjectionTest {

  private static final Instant NEVER = Instant.parse("2100-01-01T00:00:00Z");

  @Test
  void accountsForEveryLineAndForEveryProjection() {
    givenRequest("web-1/1", 0, Logs.ok("/a"), Logs.notFound("/b"), Logs.serverError("/c"));
    givenRequest("web-1/1", 0, Logs.ok("/a"), Logs.notFound("/b"), Logs.serverError("/c"));
    givenEvent(0, Logs.NOW, rejected("web-1/1", null, "bad-line", 2));

    LedgerReport ledger = ledger();
    assertThat(ledger.lines()).isEqualTo(8);
    assertThat(ledger.unique()).isEqualTo(3);
    assertThat(ledger.duplicate()).isEqualTo(3);
    assertThat(ledger.rejectedByCode()).isEqualTo(Map.of("bad-line", 2L));
    assertThat(ledger.projections())
        .isEqualTo(
            Map.of(
                "error-log", new LedgerReport.Projection(2, 1, 0, 0),
                "routes", new LedgerReport.Projection(3, 0, 0, 0),
                "stats", new LedgerReport.Projection(3, 0, 0, 0)));
  }

  @Test
  void countsRejectedLinesOnceWhenTheirRequestIsRetried() {
    givenEvent(2, Logs.NOW, rejected("web-2/1", null, "bad-line", 4));
    givenEvent(2, Logs.NOW, rejected("web-2/1", null, "bad-line", 4));
    assertThat(ledger().rejectedByCode()).isEqualTo(Map.of("bad-line", 4L));
    assertThat(ledger().duplicate()).isEqualTo(4);
  }

  @Test
  void keepsOutAndNamesWhatCameUnderAKeyThatHadAnotherBody() {
    givenEvent(1, Logs.NOW, new LogReceived("key-1", 1, "00000000000000aa", Logs.ok("/a")));
    givenEvent(1, Logs.NOW, new LogReceived("key-1", 1, "00000000000000bb", Logs.ok("/b")));
    givenEvent(1, Logs.NOW, new LogReceived("key-1", 2, "00000000000000bb", Logs.ok("/c")));
    givenEvent(1, Logs.NOW, rejected("key-1", "00000000000000bb", "bad-line", 3));
    givenEvent(1, Logs.NOW, new LogReceived("key-1", 2, "00000000000000aa", Logs.ok("/d")));
    assertThat(ledger().unique()).isEqualTo(2);
    assertThat(ledger().keyReused()).isEqualTo(5);
    assertThat(ledger().lines()).isEqualTo(7);
  }

  @Test
  void noticesTheOtherBodyOfANumberedRequestToo() {
    givenEvent(1, Logs.NOW, new LogReceived("web-3/7", 1, "00000000000000aa", Logs.ok("/a")));
    givenEvent(1, Logs.NOW, new LogReceived("web-3/7", 2, "00000000000000bb", Logs.ok("/b")));
    givenEvent(1, Logs.NOW, new LogReceived("web-3/8", 1, "00000000000000bb", Logs.ok("/b")));
    assertThat(ledger().unique()).isEqualTo(2);
    assertThat(ledger().keyReused()).isEqualTo(1);
  }

  @Test
  void answersAboutASourceAndAboutMinutesOfAppendTime() {
    AccessLog shop = Logs.of("shop", Logs.ok("/a"));
    givenEvent(0, Logs.NOW, new LogReceived("!1", 1, null, shop));
    givenEvent(0, Logs.NOW, new LogReceived("!2", 1, null, Logs.of("blog", Logs.ok("/a"))));
    givenEvent(0, Logs.NOW.plus(Duration.ofMinutes(5)), new LogReceived("!3", 1, null, shop));
    Instant minute = Instant.parse("2025-06-10T10:41:00Z");
    Instant next = minute.plus(Duration.ofMinutes(1));

    assertThat(ledger(Instant.EPOCH, NEVER, "shop").unique()).isEqualTo(2);
    assertThat(ledger(minute, next, "shop").unique()).isEqualTo(1);
    assertThat(ledger(minute, next, null).unique()).isEqualTo(2);
    assertThat(ledger(next, NEVER, "blog").lines()).isZero();
  }

  @Test
  void saysItInJsonForWholeMinutes() {
    givenRequest("web-5/1", 3, Logs.ok("/a"), Logs.serverError("/b"));
    assertThat(whenGet("/ledger?from=2025-06-10T10:41:30Z&to=2025-06-10T10:41:50Z"))
        .hasStatusOk()
        .bodyJson()
        .isLenientlyEqualTo(
            """
            {"from": "2025-06-10T10:41:00Z", "to": "2025-06-10T10:42:00Z", "source": null,
             "lines": 2, "unique": 2, "duplicate": 0, "keyReused": 0, "unreadable": 0,
             "rejectedByCode": {},
             "projections": {
               "error-log": {"folded": 1, "passedOver": 1, "deadLettered": 0, "inFlight": 0},
               "routes": {"folded": 2, "passedOver": 0, "deadLettered": 0, "inFlight": 0},
               "stats": {"folded": 2, "passedOver": 0, "deadLettered": 0, "inFlight": 0}}}
            """);
  }

  @Test
  void isTheSameAfterEverythingWasFoldedAgain() {
    givenRequest("web-6/1", 0, Logs.ok("/a"), Logs.serverError("/b"));
    givenRequest("web-6/1", 0, Logs.ok("/a"), Logs.serverError("/b"));
    givenRequest("web-6/2", 0, Logs.notFound("/c"));
    untilFolded();
    List<String> before = rows("ledger");
    replay("stats");
    assertThat(rows("ledger")).isEqualTo(before);
    replay("stats", "error-log", "routes");
    assertThat(rows("ledger")).isEqualTo(before);
  }

  private LedgerReport ledger() {
    return ledger(Instant.EPOCH, NEVER, null);
  }

  private LedgerReport ledger(Instant from, Instant until, String source) {
    return when(new FindLedger(from, until, source), LedgerReport.class);
  }

  private static LogsRejected rejected(String request, String body, String code, int lines) {
    return new LogsRejected(request, body, "shop", new TreeMap<>(Map.of(code, lines)), List.of());
  }
}
