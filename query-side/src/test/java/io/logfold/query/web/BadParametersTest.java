package io.logfold.query.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class BadParametersTest extends ProjectionTest {

  private static final String NUMBER = "expected a whole number from ";
  private static final String STATUS = NUMBER + "100 to 599";
  private static final String LIMIT = NUMBER + "1 to 1000";
  private static final String OFFSET = NUMBER + "0 to 10000000";
  private static final String TIME = "expected an RFC 3339 time such as 2025-06-10T10:41:40Z";
  private static final String RANGE = "expected one of hour, day, week";
  private static final String TYPE = "expected one of errors, traffic, latency, quantiles";
  private static final String CONTROL = "control character";

  private static final List<String> SQL =
      List.of(
          "' OR '1'='1",
          "1; DROP TABLE error_log; --",
          "404) UNION SELECT * FROM x --",
          "x' AND SLEEP(5) AND 'x'='x",
          "\\' OR 1=1 #",
          "%' ESCAPE '!' OR 1=1 --",
          "${jndi:ldap://x}",
          "\"; DELETE FROM error_log; \"");

  static Stream<Arguments> badValues() {
    return Stream.of(
        arguments("/stats", "type", "nonsense", TYPE),
        arguments("/stats", "type", "errors ", TYPE),
        arguments("/stats", "type", "0", TYPE),
        arguments("/stats", "range", "month", RANGE),
        arguments("/stats", "range", "1h", RANGE),
        arguments("/stats", "range", "-hour", RANGE),
        arguments("/stats", "source", "s".repeat(65), "at most 64"),
        arguments("/stats", "source", "a\u0000b", CONTROL),
        arguments("/routes", "range", "week", "expected one of hour, day"),
        arguments("/routes", "source", "s".repeat(65), "at most 64"),
        arguments("/routes", "source", "a\u0000b", CONTROL),
        arguments("/routes", "limit", "0", LIMIT),
        arguments("/routes", "limit", "1001", LIMIT),
        arguments("/logs", "status", "abc", STATUS),
        arguments("/logs", "status", "99", STATUS),
        arguments("/logs", "status", "600", STATUS),
        arguments("/logs", "status", "-1", STATUS),
        arguments("/logs", "status", "1e3", STATUS),
        arguments("/logs", "status", "2147483648", STATUS),
        arguments("/logs", "status", "9".repeat(400), STATUS),
        arguments("/logs", "status", "404.0", STATUS),
        arguments("/logs", "status", "0x1F4", STATUS),
        arguments("/logs", "status", " 404", STATUS),
        arguments("/logs", "status", "٤٠٤", STATUS),
        arguments("/logs", "status", "NaN", STATUS),
        arguments("/logs", "limit", "0", LIMIT),
        arguments("/logs", "limit", "-1", LIMIT),
        arguments("/logs", "limit", "1001", LIMIT),
        arguments("/logs", "limit", "x", LIMIT),
        arguments("/logs", "limit", "all", LIMIT),
        arguments("/logs", "limit", "9".repeat(59) + "\uD83D\uDE80", LIMIT),
        arguments("/logs", "offset", "-1", OFFSET),
        arguments("/logs", "offset", "10000001", OFFSET),
        arguments("/logs", "offset", "99999999999999999999", OFFSET),
        arguments("/logs", "offset", "1,5", OFFSET),
        arguments("/logs", "from", "yesterday", TIME),
        arguments("/logs", "from", "2025-06-10", TIME),
        arguments("/logs", "from", "2025-06-10T10:41:40", TIME),
        arguments("/logs", "from", "2025-06-10 10:41:40Z", TIME),
        arguments("/logs", "from", "2025-02-29T10:41:40Z", TIME),
        arguments("/logs", "from", "2025-06-10T25:00:00Z", TIME),
        arguments("/logs", "from", "1718016100", TIME),
        arguments("/logs", "from", "1969-12-31T23:59:59Z", TIME),
        arguments("/logs", "from", "-2025-06-10T10:41:40Z", TIME),
        arguments("/logs", "to", "10000-01-01T00:00:00Z", TIME),
        arguments("/logs", "to", "+10000-01-01T00:00:00Z", TIME),
        arguments("/logs", "to", "+999999999-12-31T23:59:59-18:00", TIME),
        arguments("/logs", "to", "9999-12-31T23:59:59.999-01:00", TIME),
        arguments("/logs", "to", "2025-06-10T10:41:40+99:00", TIME),
        arguments("/logs", "to", "now()", TIME),
        arguments("/logs", "ip", "1".repeat(256), "at most 255"),
        arguments("/logs", "ip", "10.0.0.1\n", CONTROL),
        arguments("/logs", "method", "G".repeat(33), "at most 32"),
        arguments("/logs", "method", "GET\u007f", CONTROL),
        arguments("/logs", "path", "/" + "a".repeat(2_048), "2049 characters, at most 2048"),
        arguments("/logs", "path", "/\r\nX-Evil: 1", CONTROL),
        arguments("/logs", "path", "/\u0000", CONTROL),
        arguments("/logs", "path", "/\u0085", CONTROL),
        arguments("/logs", "source", "s".repeat(65), "at most 64"));
  }

  @ParameterizedTest
  @MethodSource("badValues")
  void refusesAValueThatMakesNoSense(String path, String name, String value, String expected) {
    MvcTestResult answer = whenGet(path + "?" + name + "={value}", value);
    assertProblem(answer, name).contains(expected);
    assertThat(answer)
        .bodyText()
        .doesNotContain("\u0000", "\\r", "\\n", "\uFFFD", "\\uD83D")
        .hasSizeLessThan(600);
  }

  @ParameterizedTest
  @CsvSource({
    "/logs, Status",
    "/logs, stauts",
    "/logs, page",
    "/logs, type",
    "/logs, range",
    "/stats, Range",
    "/stats, status",
    "/stats, limit",
    "/stats, from",
    "/routes, type",
    "/routes, offset"
  })
  void refusesAParameterThatThereIsNot(String path, String name) {
    assertProblem(whenGet(path + "?" + name + "=404"), name)
        .contains("there are [")
        .contains(
            switch (path) {
              case "/logs" -> "status";
              case "/routes" -> "limit, range, source";
              default -> "range, source, type";
            });
  }

  @Test
  void refusesAnOutlandishNameInPrintableCharacters() {
    String name = "\u0007" + "n".repeat(58) + "\uD83D\uDE80".repeat(200);
    assertThat(whenGet("/logs?{name}=1", name))
        .hasStatus(400)
        .hasContentType("application/problem+json")
        .bodyText()
        .contains("no parameter '?nnn")
        .hasSizeLessThan(600);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"status=404&status=500", "limit=1&limit=1", "ip=&ip=", "path=/a&x=1&path=/b"})
  void refusesAParameterThatStandsTwice(String query) {
    assertThat(whenGet("/logs?" + query)).hasStatus(400);
    String name = query.substring(0, query.indexOf('='));
    assertProblem(whenGet("/logs?" + query.replace("&x=1", "")), name)
        .contains("stands 2 times, expected once");
  }

  @Test
  void refusesASpanOfTimeThatEndsBeforeItBegins() {
    assertProblem(whenGet("/logs?from=2025-06-10T10:41:40.001Z&to=2025-06-10T10:41:40Z"), "from")
        .contains("2025-06-10T10:41:40.001Z", "is after 'to' (2025-06-10T10:41:40Z)");
    assertThat(whenGet("/logs?from=2025-06-10T10:41:40Z&to=2025-06-10T10:41:40Z")).hasStatusOk();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/logs?status=100",
        "/logs?status=599",
        "/logs?limit=1&offset=10000000",
        "/logs?limit=1000&offset=0",
        "/logs?from=1970-01-01T00:00:00Z&to=9999-12-31T23:59:59.999Z",
        "/logs?method=GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG",
        "/stats?type=quantiles&range=week",
        "/routes?range=day&limit=1000"
      })
  void answersTheUtmostThatIsAllowed(String uri) {
    assertThat(whenGet(uri)).hasStatusOk();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ip", "method", "path", "source"})
  void takesSqlForTextLikeAnyOther(String name) {
    given(Logs.notFound("/a"), Logs.serverError("/b"));
    for (String sql : SQL) {
      assertThat(whenGet("/logs?" + name + "={sql}", sql))
          .as(sql)
          .hasStatusOk()
          .bodyText()
          .startsWith("{\"data\":[],\"meta\":{\"total\":0,");
    }
    assertThat(rows("error_log")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "from", "to", "limit", "offset"})
  void refusesSqlForANumberOrATime(String name) {
    given(Logs.notFound("/a"), Logs.serverError("/b"));
    for (String sql : SQL) {
      assertProblem(whenGet("/logs?" + name + "={sql}", sql), name).contains("expected");
    }
    assertThat(rows("error_log")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"type", "range", "source"})
  void takesSqlForAValueLikeAnyOtherInStatistics(String name) {
    given(Logs.notFound("/a"));
    MvcTestResult answer = whenGet("/stats?" + name + "={sql}", "x' OR '1'='1");
    if (name.equals("source")) {
      assertThat(answer).hasStatusOk().bodyText().isEqualTo("{\"type\":\"errors\",\"data\":{}}");
    } else {
      assertProblem(answer, name).contains("expected one of");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nope", "/logs/", "/logs/1", "/stats/hour", "/upload"})
  void answersAProblemWhereThereIsNothing(String path) {
    assertThat(whenGet(path)).hasStatus(404).hasContentType("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
  void answersAProblemToAMethodThatThereIsNot(String method) {
    for (String path : List.of("/logs", "/stats")) {
      assertThat(http().method(HttpMethod.valueOf(method)).uri(path).exchange())
          .hasStatus(405)
          .hasContentType("application/problem+json")
          .headers()
          .hasValue("Allow", "GET");
    }
  }

  @Test
  void answersAProblemToWhoAcceptsNoJson() {
    assertThat(http().get().uri("/logs").header("Accept", "text/csv").exchange()).hasStatus(406);
  }

  private static AbstractStringAssert<?> assertProblem(MvcTestResult answer, String parameter) {
    assertThat(answer).hasStatus(400).hasContentType("application/problem+json");
    assertThat(answer).bodyJson().extractingPath("$.status").isEqualTo(400);
    assertThat(answer).bodyJson().extractingPath("$.parameter").isEqualTo(parameter);
    return assertThat(answer)
        .bodyJson()
        .extractingPath("$.detail")
        .asString()
        .contains("'" + parameter + "'");
  }
}
