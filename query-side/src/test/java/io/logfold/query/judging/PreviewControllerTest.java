package io.logfold.query.judging;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class PreviewControllerTest extends ProjectionTest {

  private static final String RULE =
      """
      {"name": "Server errors", "scope": {"source": null, "route": "*", "method": null},
       "measure": "SERVER_ERROR_SHARE", "status": null, "windowMinutes": 5,
       "opensAt": 0.05, "closesAt": 0.02, "minimumRequests": 1,
       "opensAfterMinutes": 1, "closesAfterMinutes": 1, "escalatesAfterMinutes": 30,
       "tell": [{"kind": "WEBHOOK", "url": "https://example.org/hook"}]}
      """;

  @Test
  void answersWhatARuleWouldHaveSaidOfTheDay() {
    AccessLog failed = Logs.serverError("/pay");
    given(Logs.at(Logs.NOW.minus(Duration.ofHours(3)), failed));
    given(Logs.at(Logs.NOW.minus(Duration.ofMinutes(30)), failed));
    MvcTestResult answer = whenPreviewed("", RULE);
    assertThat(answer).hasStatusOk().bodyJson().extractingPath("$.minutes").isEqualTo(1440);
    assertThat(answer).bodyJson().extractingPath("$.total").isEqualTo(4);
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.findings[*].crossed")
        .isEqualTo(java.util.List.of(true, false, true, false));
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.findings[0].minute")
        .isEqualTo("2025-06-10T07:41:00Z");
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.findings[1].minute")
        .isEqualTo("2025-06-10T07:46:00Z");
    assertThat(answer).bodyJson().extractingPath("$.findings[0].scope.route").isEqualTo("/pay");
  }

  @Test
  void answersWhatARuleWouldHaveSaidOfTheHour() {
    given(Logs.at(Logs.NOW.minus(Duration.ofHours(3)), Logs.serverError("/pay")));
    given(Logs.at(Logs.NOW.minus(Duration.ofMinutes(30)), Logs.serverError("/pay")));
    assertThat(whenPreviewed("?range=hour", RULE))
        .hasStatusOk()
        .bodyText()
        .isEqualTo(
            """
            {"minutes":60,"scopes":0,"findings":[\
            {"scope":{"source":null,"route":"/pay","method":null},\
            "minute":"2025-06-10T10:11:00Z","crossed":true,"value":1.0,"requests":1},\
            {"scope":{"source":null,"route":"/pay","method":null},\
            "minute":"2025-06-10T10:16:00Z","crossed":false,"value":0.0,"requests":0}],"total":2}\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"name\": \"Server errors\" | \"name\": \"\" | name | 1 to 100 characters",
        "\"name\": \"Server errors\" | \"name\": 7 | name | 1 to 100 characters",
        "\"route\": \"*\" | \"route\": \"a\\u0000\" | scope.route | control character",
        "\"route\": \"*\" | \"rout\": \"*\" | body | that there is not",
        "SERVER_ERROR_SHARE | SERVER_ERRORS | measure | none of [SERVER_ERROR_SHARE",
        "\"status\": null | \"status\": 503 | status | only for STATUS_COUNT",
        "SERVER_ERROR_SHARE | STATUS_COUNT | status | whole number from 100 to 599",
        "\"windowMinutes\": 5 | \"windowMinutes\": 1441 | windowMinutes | from 1 to 1440",
        "\"windowMinutes\": 5 | \"windowMinutes\": 0.5 | windowMinutes | from 1 to 1440",
        "\"windowMinutes\": 5, |  | windowMinutes | from 1 to 1440",
        "\"opensAt\": 0.05 | \"opensAt\": 1.1 | opensAt | from 0 to 1",
        "\"opensAt\": 0.05 | \"opensAt\": \"much\" | opensAt | from 0 to 1",
        "\"closesAt\": 0.02 | \"closesAt\": 0.06 | closesAt | above",
        "\"minimumRequests\": 1 | \"minimumRequests\": -1 | minimumRequests | from 0 to",
        "\"opensAfterMinutes\": 1 | \"opensAfterMinutes\": 0 | opensAfterMinutes | from 1 to 1440",
        "\"closesAfterMinutes\": 1 | \"closesAfterMinutes\": null | closesAfterMinutes | from 1",
        "\"escalatesAfterMinutes\": 30 | \"escalatesAfterMinutes\": 0 | escalatesAfterMinutes | from 1",
        "\"tell\" | \"told\" | body | field that there is not",
        "{\"name\" | [\"name\" | body | no JSON object"
      })
  void refusesARuleThatMakesNoSense(String part, String instead, String field, String sentence) {
    MvcTestResult answer = whenPreviewed("", RULE.replace(part, instead == null ? "" : instead));
    assertThat(answer).hasStatus(400).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
    assertThat(answer).bodyJson().extractingPath("$.parameter").isEqualTo(field);
    assertThat(answer).bodyJson().extractingPath("$.detail").asString().contains(sentence);
  }

  @Test
  void refusesABodyThatIsTooLong() {
    assertThat(whenPreviewed("", RULE + " ".repeat(64 * 1024))).hasStatus(400);
  }

  @Test
  void refusesARangeThatThereIsNot() {
    assertThat(whenPreviewed("?range=week", RULE))
        .hasStatus(400)
        .bodyText()
        .contains("expected one of hour, day");
  }

  private MvcTestResult whenPreviewed(String query, String body) {
    untilFolded();
    return http()
        .post()
        .uri("/alert-rules/preview" + query)
        .contentType(MediaType.APPLICATION_JSON)
        .content(body)
        .exchange();
  }
}
