package io.logfold.query.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatsControllerTest extends ProjectionTest {

  private static final String EMPTY = "{\"type\":\"errors\",\"data\":{}}";

  @Test
  void answersErrorsInTheSeedsWords() {
    given(Logs.notFound("/"), Logs.serverError("/"), Logs.notFound("/"), Logs.ok("/"));
    assertThat(whenGet("/stats?range=day&type=errors"))
        .hasStatusOk()
        .hasContentType("application/json")
        .bodyText()
        .isEqualTo("{\"type\":\"errors\",\"data\":{\"404\":2,\"500\":1}}");
  }

  @Test
  void answersTrafficInTheSeedsWords() {
    given(Logs.notFound("/"), Logs.serverError("/"), Logs.ok("/"), Logs.ok("/"));
    assertThat(whenGet("/stats?range=day&type=traffic"))
        .hasStatusOk()
        .bodyText()
        .isEqualTo("{\"type\":\"traffic\",\"data\":{\"total_request\":4,\"unique_ips\":3}}");
  }

  /** The seed's own figures: 503.3166 ms on average, 999 ms at most. */
  @Test
  void answersLatencyInTheSeedsWords() {
    given(
        IntStream.range(0, 600)
            .mapToObj(i -> Logs.taking(i == 0 ? 999_000 : i == 1 ? 502_538 : 502_489, Logs.ok("/")))
            .toArray(AccessLog[]::new));
    assertThat(whenGet("/stats?range=day&type=latency"))
        .hasStatusOk()
        .bodyText()
        .isEqualTo(
            "{\"type\":\"latency\",\"data\":{\"avg_latency\":503.3166,\"max_latency\":999}}");
  }

  @Test
  void writesFourPlacesOfTheMeanAndWholeMillisecondsOfTheMaximum() {
    given(Logs.taking(1_500, Logs.ok("/")));
    assertThat(whenGet("/stats?type=latency"))
        .bodyText()
        .isEqualTo("{\"type\":\"latency\",\"data\":{\"avg_latency\":1.5000,\"max_latency\":2}}");
  }

  @Test
  void answersQuantilesInMilliseconds() {
    given(Logs.taking(0, Logs.ok("/")));
    assertThat(whenGet("/stats?type=quantiles"))
        .bodyText()
        .isEqualTo(
            "{\"type\":\"quantiles\",\"data\":{\"p50\":0.000,\"p90\":0.000,\"p95\":0.000,"
                + "\"p99\":0.000,\"p999\":0.000}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "errors; {\"type\":\"errors\",\"data\":{}}",
        "traffic; {\"type\":\"traffic\",\"data\":{\"total_request\":0,\"unique_ips\":0}}",
        "latency; {\"type\":\"latency\",\"data\":{\"avg_latency\":0.0000,\"max_latency\":0}}"
      })
  void answersZerosBeforeTheFirstLog(String type, String body) {
    assertThat(whenGet("/stats?type={type}", type)).hasStatusOk().bodyText().isEqualTo(body);
  }

  @Test
  void answersTheErrorsOfTheLastHourUnlessAskedForOthers() {
    given(Logs.notFound("/"), Logs.at(Logs.NOW.minus(Duration.ofHours(2)), Logs.notFound("/")));
    String hour = "{\"type\":\"errors\",\"data\":{\"404\":1}}";
    for (String uri : new String[] {"/stats", "/stats?type=&range=&source=", "/stats?range=hour"}) {
      assertThat(whenGet(uri)).as(uri).bodyText().isEqualTo(hour);
    }
    assertThat(whenGet("/stats?range=day")).bodyText().isEqualTo(hour.replace("1}", "2}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"week", "Week", "WEEK"})
  void readsWordsInAnyCase(String range) {
    assertThat(whenGet("/stats?type=Errors&range={range}", range))
        .hasStatusOk()
        .bodyText()
        .isEqualTo(EMPTY);
  }

  @Test
  void countsOneSource() {
    given(Logs.of("shop", Logs.notFound("/")), Logs.of("blog", Logs.notFound("/")));
    assertThat(whenGet("/stats?source=shop"))
        .bodyText()
        .isEqualTo("{\"type\":\"errors\",\"data\":{\"404\":1}}");
    assertThat(whenGet("/stats?source=nobody")).bodyText().isEqualTo(EMPTY);
  }

  @Test
  void tellsHowOldTheAnswerIs() {
    assertThat(whenGet("/stats")).hasHeader("Age", "0").hasHeader("X-Cache", "MISS");
  }
}
