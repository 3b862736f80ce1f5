package io.logfold.query.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = "logfold.routes.max-per-source=3")
class RouteCapTest extends ProjectionTest {

  private static final String ROUTES =
      "SELECT route FROM route_minute WHERE source = ? AND part = ? ORDER BY route";

  @Test
  void countsTheRoutesBeyondTheCapAsOthers() {
    given(Logs.ok("/a"), Logs.ok("/b"), Logs.ok("/c/1"), Logs.ok("/d"), Logs.ok("/e"));
    given(Logs.ok("/a"), Logs.ok("/c/2"), Logs.ok("/f"));
    assertThat(routes("default", 0)).containsExactly("(other)", "/a", "/b", "/c/{id}");
    assertThat(requests("(other)")).isEqualTo(3);
    assertThat(requests("/c/{id}")).isEqualTo(2);
  }

  @Test
  void remembersOverARestartWhichRoutesHaveAName() {
    given(Logs.ok("/a"), Logs.ok("/b"));
    untilFolded();
    forgetPart(0);
    given(Logs.ok("/c"), Logs.ok("/d"));
    untilFolded();
    forgetPart(0);
    given(Logs.ok("/e"), Logs.ok("/a"));
    assertThat(routes("default", 0)).containsExactly("(other)", "/a", "/b", "/c");
    assertThat(requests("(other)")).isEqualTo(2);
    assertThat(requests("/a")).isEqualTo(2);
  }

  @Test
  void capsEachSourceAndEachPartitionApart() {
    givenRequest("!1", 0, Logs.ok("/a"), Logs.ok("/b"), Logs.ok("/c"), Logs.ok("/d"));
    givenRequest("!2", 1, Logs.ok("/d"), Logs.ok("/c"), Logs.ok("/b"), Logs.ok("/a"));
    givenRequest("!3", 0, Logs.of("shop", Logs.ok("/d")));
    assertThat(routes("default", 0)).containsExactly("(other)", "/a", "/b", "/c");
    assertThat(routes("default", 1)).containsExactly("(other)", "/b", "/c", "/d");
    assertThat(routes("shop", 0)).containsExactly("/d");
  }

  @Test
  void countsNoOtherAmongTheRoutesThatHaveAName() {
    given(Logs.routed("(other)", Logs.ok("/x")), Logs.ok("/a"), Logs.ok("/b"), Logs.ok("/c"));
    assertThat(routes("default", 0)).containsExactly("(other)", "/a", "/b", "/c");
    assertThat(rows("route_known")).hasSize(3);
  }

  @Test
  void namesTheSameRoutesWhenTheyAreFoldedAgain() {
    for (int part = 0; part < 4; part++) {
      givenRequest("!" + part, part, Logs.ok("/" + "abcd".charAt(part)), Logs.ok("/x"));
      givenRequest("?" + part, part, Logs.ok("/y"), Logs.ok("/z"), Logs.notFound("/x"));
    }
    untilFolded();
    List<String> rows = rows("route_minute");
    List<String> known = rows("route_known");
    replay("routes");
    assertThat(rows("route_minute")).isEqualTo(rows);
    assertThat(rows("route_known")).isEqualTo(known).hasSize(12);
  }

  private List<String> routes(String source, int part) {
    untilFolded();
    return jdbc().queryForList(ROUTES, String.class, source, part);
  }

  private long requests(String route) {
    Long requests =
        jdbc()
            .queryForObject(
                "SELECT SUM(requests) FROM route_minute WHERE route = ?", Long.class, route);
    return requests == null ? 0 : requests;
  }
}
