package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.errorlog.ErrorLogPage;
import io.logfold.api.errorlog.FindErrorLogs;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.api.ledger.FindLedger;
import io.logfold.api.ledger.LedgerReport;
import io.logfold.api.routes.FindRoutes;
import io.logfold.api.routes.RouteRange;
import io.logfold.api.routes.RouteReport;
import io.logfold.api.stats.FindStats;
import io.logfold.api.stats.StatsRange;
import io.logfold.api.stats.StatsReport;
import io.logfold.query.Golden;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every release wrote to the log is in today's answers. */
class GoldenLogsTest extends ProjectionTest {

  static List<Golden> logs() {
    return Golden.of("LogReceived");
  }

  static List<Golden> rejections() {
    return Golden.of("LogsRejected");
  }

  @ParameterizedTest
  @MethodSource("logs")
  void answersWithALogOfEveryRevision(Golden golden) {
    givenRecord(1, golden.headers(), golden.value());
    assertIsInTheAnswers(golden);
  }

  /** The golden logs are errors of the hour. */
  void assertIsInTheAnswers(Golden golden) {
    FindErrorLogs all = new FindErrorLogs(null, null, null, null, null, null, null, 10, 0);
    assertThat(when(all, ErrorLogPage.class).logs())
        .extracting(ErrorLogPage.ErrorLog::log)
        .containsExactly(golden.reads(LogReceived.class).log());
    assertThat(when(new FindStats(StatsRange.HOUR, null), StatsReport.class))
        .returns(1L, StatsReport::requests)
        .returns(
            golden.reads(LogReceived.class).log().latencyMicros(),
            stats -> stats.latency().maxMicros());
    assertThat(when(new FindRoutes(RouteRange.HOUR, null, 10), RouteReport.class).routes())
        .hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void accountsForRejectedLinesOfEveryRevision(Golden golden) {
    givenRecord(1, golden.headers(), golden.value());
    FindLedger all = new FindLedger(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), null);
    assertThat(when(all, LedgerReport.class).rejectedByCode())
        .hasSize(golden.reads(LogsRejected.class).countByCode().size())
        .allSatisfy(
            (code, lines) ->
                assertThat(golden.reads(LogsRejected.class).countByCode().get(code))
                    .isEqualTo(lines.intValue()));
  }
}
