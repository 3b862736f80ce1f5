package io.logfold.query.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RouteControllerTest extends ProjectionTest {

  @Test
  void listsTheRoutesWithMostRequestsFirst() {
    given(
        Logs.of("shop", Logs.serverError("/orders")),
        Logs.of("shop", Logs.taking(0, Logs.ok("/users/1"))),
        Logs.of("shop", Logs.taking(0, Logs.ok("/users/2"))),
        Logs.of("shop", Logs.taking(0, Logs.notFound("/users/3"))));
    assertThat(whenGet("/routes"))
        .hasStatusOk()
        .hasContentType("application/json")
        .hasHeader("X-Cache", "MISS")
        .hasHeader("Age", "0")
        .bodyText()
        .startsWith(
            "{\"data\":[{\"source\":\"shop\",\"route\":\"/users/{id}\",\"method\":\"GET\","
                + "\"requests\":3,\"failures\":0,\"errorShare\":0.3333,"
                + "\"p50\":0.000,\"p95\":0.000,\"p99\":0.000},"
                + "{\"source\":\"shop\",\"route\":\"/orders\",\"method\":\"POST\","
                + "\"requests\":1,\"failures\":1,\"errorShare\":1.0000,\"p50\":97")
        .endsWith("}],\"meta\":{\"total\":2,\"limit\":50}}");
  }

  @Test
  void listsNoneBeforeTheFirstLog() {
    assertThat(whenGet("/routes"))
        .hasStatusOk()
        .bodyText()
        .isEqualTo("{\"data\":[],\"meta\":{\"total\":0,\"limit\":50}}");
  }

  @Test
  void listsAsManyAsAskedForOfOneSource() {
    given(
        Logs.of("shop", Logs.ok("/b")),
        Logs.of("shop", Logs.ok("/a")),
        Logs.of("blog", Logs.ok("/a")));
    assertThat(whenGet("/routes?source=shop&limit=1"))
        .bodyText()
        .contains("\"source\":\"shop\",\"route\":\"/a\"")
        .doesNotContain("/b", "blog")
        .endsWith("\"meta\":{\"total\":2,\"limit\":1}}");
  }

  @Test
  void looksBackAnHourOrADay() {
    given(
        Logs.at(Logs.NOW.minus(Duration.ofMinutes(59)), Logs.ok("/hour")),
        Logs.at(Logs.NOW.minus(Duration.ofMinutes(60)), Logs.ok("/day")),
        Logs.at(Logs.NOW.minus(Duration.ofHours(24)), Logs.ok("/before")));
    assertThat(whenGet("/routes?range=hour"))
        .bodyText()
        .contains("/hour")
        .doesNotContain("/day", "/before");
    assertThat(whenGet("/routes?range=day"))
        .bodyText()
        .contains("/hour", "/day")
        .doesNotContain("/before");
  }
}
