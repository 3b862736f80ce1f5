package io.logfold.query.errorlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class ErrorLogControllerTest extends ProjectionTest {

  /** The seed's own example, to the byte but for its line breaks. */
  @Test
  void answersTheSeedsRequestInTheSeedsWords() {
    AccessLog older = Logs.at(Logs.NOW.minusSeconds(1), Logs.serverError("/products"));
    given(Collections.nCopies(4_207, older).toArray(AccessLog[]::new));
    given(Logs.at(Logs.NOW.plusSeconds(1), Logs.notFound("/newer")));
    AccessLog[] upToOffset14 = Collections.nCopies(15, Logs.ok("/")).toArray(AccessLog[]::new);
    upToOffset14[14] = Logs.serverError("/products");
    givenRequest("!", 2_088, upToOffset14);
    MvcTestResult answer = whenGet("/logs?status=500&limit=1&method=post");
    assertThat(answer).hasStatusOk().hasContentType("application/json");
    assertThat(answer)
        .bodyText()
        .isEqualTo(
            "{\"data\":[{\"id\":59432,\"Timestamp\":\"2025-06-10T10:41:40Z\","
                + "\"IP\":\"184.116.4.244\",\"Method\":\"POST\",\"Path\":\"/products\","
                + "\"Status\":500,\"LatencyMs\":971}],"
                + "\"meta\":{\"total\":4208,\"limit\":1,\"offset\":0}}");
  }

  @Test
  void answersAnEmptyPageAsAnEmptyList() {
    assertThat(whenGet("/logs"))
        .hasStatusOk()
        .bodyText()
        .isEqualTo("{\"data\":[],\"meta\":{\"total\":0,\"limit\":50,\"offset\":0}}");
  }

  @Test
  void answersFiftyLogsUnlessAskedForMore() {
    given(Collections.nCopies(60, Logs.notFound("/")).toArray(AccessLog[]::new));
    assertThat(whenGet("/logs")).bodyJson().extractingPath("$.data.length()").isEqualTo(50);
    assertThat(whenGet("/logs?limit=1000"))
        .bodyJson()
        .extractingPath("$.data.length()")
        .isEqualTo(60);
    MvcTestResult second = whenGet("/logs?offset=50");
    assertThat(second).bodyJson().extractingPath("$.data.length()").isEqualTo(10);
    assertThat(second).bodyJson().extractingPath("$.meta.offset").isEqualTo(50);
    assertThat(second).bodyJson().extractingPath("$.meta.total").isEqualTo(60);
  }

  @Test
  void takesAnEmptyParameterForAMissingOne() {
    given(Logs.notFound("/"));
    assertThat(whenGet("/logs?ip=&status=&method=&path=&source=&from=&to=&limit=&offset="))
        .bodyText()
        .endsWith("\"meta\":{\"total\":1,\"limit\":50,\"offset\":0}}");
  }

  @Test
  void roundsLatencyToWholeMillisecondsAndKeepsThoseOfTheTime() {
    given(
        Logs.taking(1_499, Logs.notFound("/1")),
        Logs.taking(1_500, Logs.notFound("/2")),
        Logs.taking(499, Logs.at(Logs.NOW.plusMillis(120), Logs.notFound("/0"))));
    MvcTestResult answer = whenGet("/logs");
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.data[*].LatencyMs")
        .asArray()
        .containsExactly(0, 2, 1);
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.data[0].Timestamp")
        .isEqualTo("2025-06-10T10:41:40.120Z");
  }

  @Test
  void findsByEveryParameter() {
    given(
        Logs.of("shop", Logs.serverError("/Products/7")),
        Logs.of("blog", Logs.notFound("/home")),
        Logs.of("shop", Logs.at(Logs.NOW.minusSeconds(9), Logs.notFound("/old"))));
    for (String filter :
        new String[] {
          "ip=184.116.4.244",
          "status=500",
          "method=Post",
          "path=products",
          "source=shop&from=2025-06-10T10:41:40Z",
          "to=2025-06-10T10:41:40Z&status=500"
        }) {
      assertThat(whenGet("/logs?" + filter))
          .as(filter)
          .bodyJson()
          .extractingPath("$.data[*].Path")
          .asArray()
          .containsExactly("/Products/7");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-06-10T10:41:40Z",
        "2025-06-10T12:41:40+02:00",
        "2025-06-10T12:41:40 02:00", // what an unescaped plus is to a server
        "2025-06-10T05:11:40.000-05:30",
        "2025-06-10t10:41:40z"
      })
  void readsTimesWithAnyOffset(String time) {
    given(
        Logs.notFound("/now"),
        Logs.at(Logs.NOW.minusMillis(1), Logs.notFound("/before")),
        Logs.at(Logs.NOW.plusMillis(1), Logs.notFound("/after")));
    assertThat(whenGet("/logs?from={time}&to={time}", time, time))
        .hasStatusOk()
        .bodyJson()
        .extractingPath("$.data[*].Path")
        .asArray()
        .containsExactly("/now");
  }

  @Test
  void tellsHowOldTheAnswerIs() {
    assertThat(whenGet("/logs")).hasHeader("Age", "0").hasHeader("X-Cache", "MISS");
  }
}
