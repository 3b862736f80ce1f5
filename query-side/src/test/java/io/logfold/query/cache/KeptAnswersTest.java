package io.logfold.query.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.errorlog.ErrorLogPage;
import io.logfold.api.errorlog.FindErrorLogs;
import io.logfold.api.stats.FindStats;
import io.logfold.api.stats.StatsRange;
import io.logfold.api.stats.StatsReport;
import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(
    properties = {
      "logfold.cache.logs=10m",
      "logfold.cache.hour=10m",
      "logfold.cache.day=10m",
      "logfold.cache.week=10m"
    })
class KeptAnswersTest extends ProjectionTest {

  private static final FindErrorLogs ALL =
      new FindErrorLogs(null, null, null, null, null, null, null, 50, 0);
  private static final FindStats HOUR = new FindStats(StatsRange.HOUR, null);

  @Autowired private CacheManager caches;

  @BeforeEach
  void forgetAnswers() {
    caches.getCacheNames().forEach(name -> cache(name).clear());
  }

  @Test
  void answersTheSameQuestionFromTheCacheAndSaysHowOldItIs() {
    for (String uri :
        List.of(
            "/logs",
            "/stats",
            "/stats?range=day",
            "/stats?range=week",
            "/routes",
            "/routes?range=day")) {
      timeIs(Logs.NOW);
      assertThat(whenGet(uri)).as(uri).hasHeader("X-Cache", "MISS").hasHeader("Age", "0");
      timeIs(Logs.NOW.plusMillis(5_999));
      assertThat(whenGet(uri)).as(uri).hasHeader("X-Cache", "HIT").hasHeader("Age", "5");
    }
  }

  @Test
  void keepsAnswersToItselfWhileNewLogsCome() {
    given(Logs.notFound("/a"));
    String before = "{\"type\":\"errors\",\"data\":{\"404\":1}}";
    assertThat(whenGet("/stats")).bodyText().isEqualTo(before);
    given(Logs.notFound("/b"));
    timeIs(Logs.NOW.plusSeconds(1));
    assertThat(whenGet("/stats")).hasHeader("X-Cache", "HIT").bodyText().isEqualTo(before);
  }

  @Test
  void showsEveryTypeOfTheSameReport() {
    whenGet("/stats?type=errors");
    timeIs(Logs.NOW.plusSeconds(1));
    assertThat(whenGet("/stats?type=traffic")).hasHeader("X-Cache", "HIT");
    assertThat(whenGet("/stats?type=latency&range=hour")).hasHeader("X-Cache", "HIT");
  }

  @Test
  void asksTheDatabaseForAnotherQuestion() {
    whenGet("/stats");
    whenGet("/logs");
    timeIs(Logs.NOW.plusSeconds(1));
    for (String uri :
        List.of(
            "/stats?range=day",
            "/stats?source=shop",
            "/logs?limit=51",
            "/logs?offset=1",
            "/logs?status=404",
            "/logs?path=a",
            "/logs?method=a",
            "/logs?ip=a",
            "/logs?source=a",
            "/logs?from=2025-06-10T10:41:40Z",
            "/logs?to=2025-06-10T10:41:40Z")) {
      assertThat(whenGet(uri)).as(uri).hasHeader("X-Cache", "MISS").hasHeader("Age", "0");
    }
  }

  @Test
  void answersNothingKeptForAnotherGeneration() {
    StatsReport foreign =
        new StatsReport(
            77, 7, new TreeMap<>(), new StatsReport.Latency(0, 0, 0, 0, 0, 0, 0), Logs.NOW);
    cache("stats").put(new AnswerKey(2, HOUR), foreign);
    cache("error-log").put(new AnswerKey(2, ALL), new ErrorLogPage(List.of(), 77, Logs.NOW));
    timeIs(Logs.NOW.plusSeconds(1));
    assertThat(when(HOUR, StatsReport.class).requests()).isZero();
    assertThat(when(ALL, ErrorLogPage.class).total()).isZero();
  }

  @Test
  void keepsAnswersUnderTheLiveGeneration() {
    given(Logs.notFound("/a"));
    StatsReport report = when(HOUR, StatsReport.class);
    ErrorLogPage page = when(ALL, ErrorLogPage.class);
    assertThat(cache("stats").get(new AnswerKey(1, HOUR), StatsReport.class)).isEqualTo(report);
    assertThat(cache("error-log").get(new AnswerKey(1, ALL), ErrorLogPage.class)).isEqualTo(page);
  }

  private Cache cache(String name) {
    return Objects.requireNonNull(caches.getCache(name));
  }
}
