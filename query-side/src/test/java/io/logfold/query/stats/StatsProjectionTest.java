package io.logfold.query.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logfold.api.AccessLog;
import io.logfold.api.stats.FindStats;
import io.logfold.api.stats.StatsRange;
import io.logfold.api.stats.StatsReport;
import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

class StatsProjectionTest extends ProjectionTest {

  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Instant END = Instant.parse("2025-06-10T10:42:00Z");

  @Autowired private StatsTable table;
  @Autowired private StatsProjection projection;

  @ParameterizedTest
  @EnumSource(StatsRange.class)
  void countsRequestsStatusesLatenciesAndAddresses(StatsRange range) {
    given(
        Logs.taking(1_000, Logs.ok("/a")),
        Logs.taking(2_000, Logs.ok("/b")),
        Logs.taking(6_001, Logs.notFound("/c")),
        Logs.taking(999_000, Logs.serverError("/d")));
    StatsReport report = stats(range);
    assertThat(report.requests()).isEqualTo(4);
    assertThat(report.distinctIps()).isEqualTo(3);
    assertThat(report.errorsByStatus()).isEqualTo(Map.of(404, 1L, 500, 1L));
    assertThat(report.latency().meanMicros()).isEqualTo(252_000.25);
    assertThat(report.latency().maxMicros()).isEqualTo(999_000);
    assertThat((double) report.latency().p50Micros()).isCloseTo(2_000, within(20.0));
    assertThat((double) report.latency().p999Micros()).isCloseTo(6_001, within(61.0));
    assertThat(report.asOf()).isEqualTo(Logs.NOW);
  }

  @ParameterizedTest
  @EnumSource(StatsRange.class)
  void answersZerosFromAnEmptyLog(StatsRange range) {
    assertThat(stats(range))
        .isEqualTo(
            new StatsReport(
                0, 0, new TreeMap<>(), new StatsReport.Latency(0, 0, 0, 0, 0, 0, 0), Logs.NOW));
  }

  @ParameterizedTest
  @EnumSource(StatsRange.class)
  void countsFromTheFirstInstantOfTheRangeToTheLastOfThisMinute(StatsRange range) {
    Instant begin = END.minus(range.length());
    given(
        Logs.at(begin.minus(MILLI), Logs.answered(501, Logs.ok("/before"))),
        Logs.at(begin, Logs.answered(502, Logs.ok("/first"))),
        Logs.at(END.minus(MILLI), Logs.answered(503, Logs.ok("/last"))),
        Logs.at(END, Logs.answered(504, Logs.ok("/after"))));
    assertThat(stats(range).errorsByStatus()).isEqualTo(Map.of(502, 1L, 503, 1L));
    assertThat(stats(range).requests()).isEqualTo(2);
  }

  @Test
  void writesARowWholeThatIsGone() {
    given(Logs.from("10.0.0.1", Logs.ok("/")));
    untilFolded();
    jdbc().update("DELETE FROM stats_minute");
    given(Logs.from("10.0.0.1", Logs.ok("/")));
    untilFolded();
    assertThat(jdbc().queryForList("SELECT requests FROM stats_minute", Long.class))
        .containsExactly(2L);
  }

  @Test
  void rollsTheRangeOnWithTheMinute() {
    given(Logs.at(END.minus(Duration.ofHours(1)), Logs.ok("/first")));
    timeIs(END.minus(MILLI));
    assertThat(stats(StatsRange.HOUR).requests()).isEqualTo(1);
    timeIs(END);
    assertThat(stats(StatsRange.HOUR).requests()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-06-10T10:41:40Z",
        "2025-06-10T10:00:00Z",
        "2025-06-10T10:58:59.999Z",
        "2025-06-10T10:59:00Z",
        "2025-06-10T10:59:59.999Z",
        "2025-06-10T00:00:00Z",
        "2025-06-09T23:59:59Z"
      })
  void countsTheSameFromHoursAndMinutesAsFromMinutesAlone(Instant now) {
    given(spread(1_500, Duration.ofHours(40)));
    timeIs(now);
    Instant until = now.truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
    for (StatsRange range : List.of(StatsRange.HOUR, StatsRange.DAY)) {
      StatsReport report = stats(range);
      Rollup minutes = new Rollup();
      table.addTo(minutes, 1, Granularity.MINUTE, until.minus(range.length()), until, null);
      assertThat(minutes.requests()).isPositive();
      assertThat(report.requests()).isEqualTo(minutes.requests());
      assertThat(report.distinctIps()).isEqualTo(minutes.ips().count());
      assertThat(report.latency().meanMicros()).isEqualTo(minutes.latencyMeanMicros());
      assertThat(report.latency().maxMicros()).isEqualTo(minutes.latencyMaxMicros());
      assertThat(report.latency().p50Micros()).isEqualTo(minutes.latency().micros(0.5));
      assertThat(report.latency().p99Micros()).isEqualTo(minutes.latency().micros(0.99));
      SortedMap<Integer, Long> errors = minutes.byStatus().toMap().tailMap(400);
      assertThat(report.errorsByStatus()).isEqualTo(errors);
    }
  }

  @Test
  void countsOneSourceOrAllOfThem() {
    given(
        Logs.of("shop", Logs.ok("/a")),
        Logs.of("shop", Logs.notFound("/b")),
        Logs.of("Shop", Logs.ok("/c")),
        Logs.of("blog", Logs.serverError("/d")));
    assertThat(stats(StatsRange.HOUR).requests()).isEqualTo(4);
    StatsReport shop = when(new FindStats(StatsRange.HOUR, "shop"), StatsReport.class);
    assertThat(shop.requests()).isEqualTo(2);
    assertThat(shop.errorsByStatus()).isEqualTo(Map.of(404, 1L));
    assertThat(when(new FindStats(StatsRange.DAY, "nobody"), StatsReport.class).requests())
        .isZero();
  }

  @Test
  void mergesPartitionsAndCountsAnAddressOfSeveralOnce() {
    for (int part = 0; part < 4; part++) {
      givenRequest(
          "!" + part, part, Logs.ok("/a"), Logs.from(Logs.ip(part), Logs.serverError("/b")));
    }
    StatsReport report = stats(StatsRange.HOUR);
    assertThat(report.requests()).isEqualTo(8);
    assertThat(report.distinctIps()).isEqualTo(4); // 10.0.0.1 is the address of every ok log too
    assertThat(report.errorsByStatus()).isEqualTo(Map.of(500, 4L));
    assertThat(rows("stats_minute")).hasSize(4);
  }

  @Test
  void countsLateLogsInTheMinuteAndHourOfTheirOwnTime() {
    Instant late = Logs.NOW.minus(Duration.ofHours(5));
    given(Logs.at(late, Logs.ok("/first")));
    given(Logs.ok("/now"));
    given(Logs.at(late.plusSeconds(1), Logs.notFound("/late")));
    assertThat(stats(StatsRange.HOUR).requests()).isEqualTo(1);
    assertThat(stats(StatsRange.DAY).requests()).isEqualTo(3);
    timeIs(late);
    assertThat(stats(StatsRange.HOUR).requests()).isEqualTo(2);
    assertThat(rows("stats_minute")).hasSize(2);
    assertThat(rows("stats_hour")).hasSize(2);
  }

  @Test
  void readsABucketBackThatWasPutAwayWhenALateLogComes() {
    given(Logs.ok("/first"));
    given(
        IntStream.rangeClosed(1, 1_200)
            .mapToObj(minute -> Logs.at(Logs.NOW.minus(Duration.ofMinutes(minute)), Logs.ok("/x")))
            .toArray(AccessLog[]::new));
    untilFolded();
    given(Logs.at(Logs.NOW.plusSeconds(1), Logs.notFound("/late")));
    assertThat(stats(StatsRange.HOUR).requests()).isEqualTo(61);
    assertThat(stats(StatsRange.DAY).requests()).isEqualTo(1_202);
  }

  @Test
  void dropsMinutesAfterEightDaysAndNoAnswerChanges() {
    Instant weekAgo = END.minus(Duration.ofDays(7));
    Instant kept = Instant.parse("2025-06-02T10:00:00Z");
    given(
        Logs.at(kept.minus(MILLI), Logs.ok("/dropped")),
        Logs.at(kept, Logs.ok("/kept")),
        Logs.at(weekAgo, Logs.ok("/first")),
        Logs.ok("/now"));
    StatsReport before = stats(StatsRange.WEEK);
    projection.pruneMinutes();
    assertThat(rows("stats_minute"))
        .hasSize(3)
        .noneMatch(row -> row.startsWith("1|2025-06-02 09:59"));
    assertThat(rows("stats_hour")).hasSize(4);
    assertThat(before.requests()).isEqualTo(2);
    assertThat(stats(StatsRange.WEEK)).isEqualTo(before);
  }

  @Test
  void neverAnswersMoreAddressesThanRequests() {
    List<AccessLog> logs = overestimated();
    given(logs.toArray(AccessLog[]::new));
    StatsReport report = stats(StatsRange.HOUR);
    assertThat(report.requests()).isEqualTo(logs.size());
    assertThat(report.distinctIps()).isEqualTo(logs.size());
  }

  @Test
  void listsOnlyTheStatusesOfTheErrorRuleThatOccurred() {
    List.of(100, 200, 301, 399, 400, 400, 599)
        .forEach(status -> given(Logs.answered(status, Logs.ok("/"))));
    assertThat(stats(StatsRange.HOUR).errorsByStatus()).isEqualTo(Map.of(400, 2L, 599, 1L));
    assertThat(stats(StatsRange.HOUR).requests()).isEqualTo(7);
  }

  @Test
  void answersQuantilesAndAddressesOfManyLogsWithinTheirBounds() {
    AccessLog[] logs = spread(50_000, Duration.ofMinutes(90));
    for (int part = 0; part < 4; part++) {
      givenRequest(
          "!" + part, part, Arrays.copyOfRange(logs, part * 12_500, part * 12_500 + 12_500));
    }
    StatsReport report = stats(StatsRange.DAY);
    long[] exact = Arrays.stream(logs).mapToLong(AccessLog::latencyMicros).sorted().toArray();
    long ips = Arrays.stream(logs).map(AccessLog::ip).distinct().count();
    assertThat(report.requests()).isEqualTo(50_000);
    assertThat(report.errorsByStatus())
        .isEqualTo(
            Arrays.stream(logs)
                .filter(log -> log.status() >= 400)
                .collect(Collectors.groupingBy(AccessLog::status, Collectors.counting())));
    assertThat(report.latency().maxMicros()).isEqualTo(exact[49_999]);
    assertThat(report.latency().meanMicros())
        .isCloseTo(Arrays.stream(exact).average().orElseThrow(), within(0.001));
    assertQuantile(report.latency().p50Micros(), exact, 0.5);
    assertQuantile(report.latency().p90Micros(), exact, 0.9);
    assertQuantile(report.latency().p95Micros(), exact, 0.95);
    assertQuantile(report.latency().p99Micros(), exact, 0.99);
    assertQuantile(report.latency().p999Micros(), exact, 0.999);
    assertThat((double) report.distinctIps()).isCloseTo(ips, within(ips * 0.03));
  }

  private static void assertQuantile(long answered, long[] sorted, double quantile) {
    long exact = sorted[(int) (quantile * (sorted.length - 1))];
    assertThat((double) answered).as("p%s", quantile).isCloseTo(exact, within(exact * 0.01 + 0.5));
  }

  /** Random logs of the time before now. */
  private static AccessLog[] spread(int number, Duration length) {
    Random random = Logs.random();
    int[] statuses = {200, 200, 200, 204, 301, 404, 500, 503};
    return IntStream.range(0, number)
        .mapToObj(
            i ->
                Logs.at(
                    Logs.NOW.minusMillis(random.nextLong(length.toMillis())),
                    Logs.from(
                        Logs.ip(random.nextInt(number)),
                        Logs.taking(
                            Math.round(Math.exp(random.nextGaussian() + 10)),
                            Logs.answered(statuses[random.nextInt(8)], Logs.ok("/"))))))
        .toArray(AccessLog[]::new);
  }

  /** Logs of as many addresses, which the sketch takes for more. */
  private static List<AccessLog> overestimated() {
    for (int from = 0; ; from += 2_000) {
      DistinctIps ips = new DistinctIps();
      List<AccessLog> logs = new ArrayList<>();
      for (int number = from; number < from + 2_000; number++) {
        ips.add(DistinctIps.hash(Logs.ip(number)));
        logs.add(Logs.from(Logs.ip(number), Logs.ok("/")));
      }
      if (ips.count() > logs.size()) {
        return logs;
      }
    }
  }

  private StatsReport stats(StatsRange range) {
    return when(new FindStats(range, null), StatsReport.class);
  }
}
