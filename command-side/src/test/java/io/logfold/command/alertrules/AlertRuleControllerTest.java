package io.logfold.command.alertrules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.command.AggregatesOverHttp;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AlertRuleControllerTest extends AggregatesOverHttp {

  private static final String FIELDS =
      """
      "name":"Checkout fails","measure":"SERVER_ERROR_SHARE","windowMinutes":5,"opensAt":0.05,"closesAt":0.02""";
  private static final String RULE = "{" + FIELDS + "}";
  private static final String OTHER = RULE.replace("0.05", "0.5");

  @Test
  void definesARuleUnderAnIdOfItsName() {
    HttpResponse<String> answer = send("POST", "/alert-rules", RULE);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    String id = json(answer).path("id").asText();
    assertThat(id).matches("checkout-fails-[a-z0-9]{8}");
    assertThat(answer.headers().firstValue("Location")).hasValue("/alert-rules/" + id);
    assertThat(json(answer).path("rule").path("minimumRequests").asInt(-1)).isZero();
    assertThat(json(answer).path("rule").path("opensAfterMinutes").asInt()).isEqualTo(1);
    assertThat(events(id)).containsExactly("Defined");
  }

  @Test
  void definesARuleOnceWhenItIsSentTwice() {
    String rule = "{\"id\":\"twice\",\"rule\":" + RULE + "}";

    assertThat(send("POST", "/alert-rules", rule).statusCode()).isEqualTo(201);
    assertThat(send("POST", "/alert-rules", rule).statusCode()).isEqualTo(201);
    assertThat(send("POST", "/alert-rules", "{\"id\":\"twice\"," + FIELDS + "}").statusCode())
        .isEqualTo(201);
    assertThat(events("twice")).containsExactly("Defined");
  }

  @Test
  void refusesAnotherDefinitionUnderTheSameId() {
    define("taken");

    assertProblem(
        send("POST", "/alert-rules", "{\"id\":\"taken\",\"rule\":" + OTHER + "}"),
        409,
        "rule-exists");
  }

  /** A PUT that calls itself a form, as curl's does, too. */
  @Test
  void changesPausesResumesAndRetires() {
    define("led");

    HttpResponse<String> changed =
        send("PUT", "/alert-rules/led", OTHER, "Content-Type", "application/x-www-form-urlencoded");
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(json(changed).path("rule").path("opensAt").asDouble()).isEqualTo(0.5);
    assertThat(send("POST", "/alert-rules/led/pause", "").statusCode()).isEqualTo(204);
    assertThat(send("POST", "/alert-rules/led/pause", "").statusCode()).isEqualTo(204);
    assertThat(send("POST", "/alert-rules/led/resume", "").statusCode()).isEqualTo(204);
    assertThat(send("DELETE", "/alert-rules/led", "").statusCode()).isEqualTo(204);
    assertThat(send("DELETE", "/alert-rules/led", "").statusCode()).isEqualTo(204);
    assertThat(events("led")).containsExactly("Defined", "Changed", "Paused", "Resumed", "Retired");
    assertProblem(send("PUT", "/alert-rules/led", RULE), 409, "rule-retired");
    assertProblem(send("POST", "/alert-rules/led/resume", ""), 409, "rule-retired");
  }

  @Test
  void knowsOnlyRulesThatWereDefined() {
    assertProblem(send("PUT", "/alert-rules/none", RULE), 404, "not-found");
    assertProblem(send("POST", "/alert-rules/none/pause", ""), 404, "not-found");
    assertProblem(send("POST", "/alert-rules/NONE/resume", ""), 404, "not-found");
    assertProblem(send("DELETE", "/alert-rules/" + "x".repeat(300), ""), 404, "not-found");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("id", "{\"id\":\"A B\"," + FIELDS + "}"),
        mistake("id", "{\"id\":7," + FIELDS + "}"),
        mistake("name", RULE.replace("\"Checkout fails\"", "null")),
        mistake("name", RULE.replace("\"Checkout fails\"", "7")),
        mistake("measure", RULE.replace("SERVER_ERROR_SHARE", "LUCK")),
        mistake("measure", RULE.replace("\"SERVER_ERROR_SHARE\"", "null")),
        mistake("windowMinutes", RULE.replace(":5,", ":5.5,")),
        mistake("windowMinutes", RULE.replace(":5,", ":\"5\",")),
        mistake("windowMinutes", RULE.replace(":5,", ":99999999999,")),
        mistake("windowMinutes", RULE.replace(":5,", ":null,")),
        mistake("opensAt", RULE.replace("0.05", "1e999")),
        mistake("opensAt", RULE.replace("0.05", "\"much\"")),
        mistake("closesAt", RULE.replace("0.02", "0.06")),
        mistake("speed", RULE.replace("{", "{\"speed\":1,")),
        mistake("scope", RULE.replace("{", "{\"scope\":\"all\",")),
        mistake("scope.sauce", RULE.replace("{", "{\"scope\":{\"sauce\":\"shop\"},")),
        mistake("tell", RULE.replace("{", "{\"tell\":{},")),
        mistake("tell[0]", RULE.replace("{", "{\"tell\":[7],")),
        mistake("tell[0].kind", RULE.replace("{", "{\"tell\":[{\"url\":\"http://a/\"}],")),
        mistake(
            "tell[0].url", RULE.replace("{", "{\"tell\":[{\"kind\":\"SLACK\",\"url\":\"x\"}],")),
        mistake("rule.opensAt", "{\"rule\":" + RULE.replace("0.05", "{}") + "}"),
        mistake("rule", "{\"rule\":null}"),
        mistake("name", "{\"id\":\"a\",\"rule\":" + RULE + "," + "\"name\":\"x\"}"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void namesAMistake(String field, String body) {
    HttpResponse<String> answer = send("POST", "/alert-rules", body);

    assertProblem(answer, 422, "invalid");
    assertThat(fields(answer)).containsExactly(field);
    assertThat(json(answer).path("errors").path(0).path("reason").asText()).contains(field);
  }

  @Test
  void namesAllMistakes() {
    HttpResponse<String> answer =
        send("POST", "/alert-rules", "{\"measure\":\"LUCK\",\"speed\":1,\"opensAt\":true}");

    assertProblem(answer, 422, "invalid");
    assertThat(fields(answer))
        .containsExactlyInAnyOrder(
            "name", "measure", "windowMinutes", "opensAt", "closesAt", "speed");
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        Arguments.of(400, "bad-json", ""),
        Arguments.of(400, "bad-json", "{"),
        Arguments.of(400, "bad-json", "[]"),
        Arguments.of(400, "bad-json", RULE + RULE),
        Arguments.of(400, "bad-json", "{\"name\":\"a\",\"name\":\"b\"}"),
        Arguments.of(400, "bad-json", RULE.replace("0.05", "NaN")),
        Arguments.of(400, "bad-json", "{\"a\":".repeat(5_000)),
        Arguments.of(413, "body-too-large", " ".repeat(64 * 1024) + RULE));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void refusesWhatIsNoJsonObject(int status, String code, String body) {
    assertProblem(send("POST", "/alert-rules", body), status, code);
  }

  @Test
  void refusesAnIdThatIsNotThePaths() {
    define("mine");

    assertProblem(
        send("PUT", "/alert-rules/mine", "{\"id\":\"yours\",\"rule\":" + RULE + "}"),
        422,
        "invalid");
  }

  private void define(String id) {
    String rule = "{\"id\":\"%s\",\"rule\":%s}".formatted(id, RULE);
    assertThat(send("POST", "/alert-rules", rule).statusCode()).isEqualTo(201);
  }

  private static Stream<String> fields(HttpResponse<String> answer) {
    return StreamSupport.stream(json(answer).path("errors").spliterator(), false)
        .map((JsonNode error) -> error.path("field").asText());
  }

  private static Arguments mistake(String field, String body) {
    return Arguments.of(field, body);
  }
}
