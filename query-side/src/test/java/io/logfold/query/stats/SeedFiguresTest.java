package io.logfold.query.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** With its two compatibility settings the read side answers the seed's own figures. */
@TestPropertySource(
    properties = {"logfold.stats.counts=errors", "logfold.error-log.statuses=404,500"})
class SeedFiguresTest extends ProjectionTest {

  private static final int ERRORS = 20_384;

  /** The README's figures: 13484 + 6900 errors of as many addresses, 503.3166 ms on average. */
  @Test
  void answersTheFiguresOfTheSeedsReadme() {
    given(Logs.ok("/"), Logs.answered(503, Logs.ok("/")), Logs.answered(301, Logs.ok("/")));
    given(IntStream.range(0, ERRORS).mapToObj(SeedFiguresTest::error).toArray(AccessLog[]::new));
    assertThat(whenGet("/stats?range=day&type=latency"))
        .bodyText()
        .isEqualTo(
            "{\"type\":\"latency\",\"data\":{\"avg_latency\":503.3166,\"max_latency\":999}}");
    assertThat(whenGet("/stats?range=day&type=traffic"))
        .bodyText()
        .isEqualTo(
            "{\"type\":\"traffic\",\"data\":{\"total_request\":20384,\"unique_ips\":20384}}");
    assertThat(whenGet("/stats?range=day&type=errors"))
        .bodyText()
        .isEqualTo("{\"type\":\"errors\",\"data\":{\"404\":13484,\"500\":6900}}");
  }

  @Test
  void countsAnAddressOfSeveralErrorsOnce() {
    given(Logs.notFound("/"), Logs.notFound("/"), Logs.serverError("/"), Logs.ok("/"));
    assertThat(whenGet("/stats?type=traffic"))
        .bodyText()
        .isEqualTo("{\"type\":\"traffic\",\"data\":{\"total_request\":3,\"unique_ips\":2}}");
  }

  @Test
  void countsFromExactlyARangeAgo() {
    Duration hour = Duration.ofHours(1);
    given(
        Logs.at(Logs.NOW.minus(hour).minusMillis(1), Logs.serverError("/before")),
        Logs.at(Logs.NOW.minus(hour), Logs.notFound("/first")));
    assertThat(whenGet("/stats"))
        .bodyText()
        .isEqualTo("{\"type\":\"errors\",\"data\":{\"404\":1}}");
  }

  @Test
  void countsOneSource() {
    given(Logs.of("shop", Logs.notFound("/")), Logs.of("blog", Logs.notFound("/")));
    assertThat(whenGet("/stats?source=shop"))
        .bodyText()
        .isEqualTo("{\"type\":\"errors\",\"data\":{\"404\":1}}");
  }

  @Test
  void answersZerosBeforeTheFirstError() {
    given(Logs.ok("/"));
    assertThat(whenGet("/stats?type=traffic"))
        .bodyText()
        .isEqualTo("{\"type\":\"traffic\",\"data\":{\"total_request\":0,\"unique_ips\":0}}");
    assertThat(whenGet("/stats?type=latency"))
        .bodyText()
        .isEqualTo("{\"type\":\"latency\",\"data\":{\"avg_latency\":0.0000,\"max_latency\":0}}");
  }

  @Test
  void refusesQuantilesWhichItDoesNotKeepOfErrors() {
    assertThat(whenGet("/stats?type=quantiles"))
        .hasStatus(400)
        .hasContentType("application/problem+json")
        .bodyJson()
        .extractingPath("$.detail")
        .asString()
        .contains("'type'", "expected one of errors, traffic, latency:", "logfold.stats.counts");
  }

  private static AccessLog error(int number) {
    long millis = number == 0 ? 999 : number <= 5_958 ? 504 : 503;
    AccessLog error = number < 13_484 ? Logs.notFound("/") : Logs.serverError("/");
    return Logs.from(Logs.ip(number), Logs.taking(millis * 1_000, error));
  }
}
