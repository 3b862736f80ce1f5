package io.logfold.command.alertrules;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.Target;
import io.logfold.command.aggregates.Invalid;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RuleLimitsTest {

  private static final Target HOOK = new Target(Target.Kind.SLACK, "http://127.0.0.1:9/x?y=1");

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("name", "name", " "),
        mistake("name", "name", "n".repeat(101)),
        mistake("name", "name", "a\u0000b"),
        mistake("name", "name", "a\ud800b"),
        mistake("scope.source", "source", "s".repeat(65)),
        mistake("scope.source", "source", ""),
        mistake("scope.route", "route", "/" + "r".repeat(200)),
        mistake("scope.method", "method", "M".repeat(17)),
        mistake("scope.method", "method", "get"),
        mistake("status", "status", 500),
        mistake("windowMinutes", "windowMinutes", 0),
        mistake("windowMinutes", "windowMinutes", 1441),
        mistake("opensAt", "opensAt", -0.1),
        mistake("opensAt", "opensAt", 1.1),
        mistake("opensAt", "opensAt", Double.NaN),
        mistake("closesAt", "closesAt", Double.POSITIVE_INFINITY),
        mistake("closesAt", "closesAt", 0.6),
        mistake("minimumRequests", "minimumRequests", -1),
        mistake("opensAfterMinutes", "opensAfterMinutes", 0),
        mistake("closesAfterMinutes", "closesAfterMinutes", 1441),
        mistake("escalatesAfterMinutes", "escalatesAfterMinutes", 0),
        mistake("escalatesAfterMinutes", "escalatesAfterMinutes", 10081),
        mistake("tell", "tell", Collections.nCopies(11, HOOK)),
        mistake("tell[0].url", "tell", to("ftp://example.org/")),
        mistake("tell[0].url", "tell", to("https:///path")),
        mistake("tell[0].url", "tell", to("not a url")),
        mistake("tell[0].url", "tell", to("http://example.org/" + "x".repeat(2000))));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void namesTheFieldAndWhatWasExpected(String field, String changed, Object value) {
    List<Invalid.Mistake> mistakes =
        RuleLimits.mistakesIn("a-rule", with(Measure.SERVER_ERROR_SHARE, changed, value));

    assertThat(mistakes).singleElement().extracting(Invalid.Mistake::field).isEqualTo(field);
    assertThat(mistakes.get(0).reason()).startsWith(field).endsWith(".");
  }

  @Test
  void takesWhatIsAtItsLimits() {
    assertThat(
            RuleLimits.mistakesIn(
                "a".repeat(64), with(Measure.ERROR_SHARE, "name", "\uD83D\uDE00")))
        .isEmpty();
    assertThat(mistakes(Measure.LATENCY_P95_MILLIS, "opensAt", 100_000.0)).isEmpty();
    assertThat(mistakes(Measure.SERVER_ERROR_SHARE, "closesAt", 0.5)).isEmpty();
    assertThat(mistakes(Measure.REQUESTS_PER_MINUTE_BELOW, "closesAt", 10.0)).isEmpty();
    assertThat(mistakes(Measure.STATUS_COUNT, "status", 100)).isEmpty();
    assertThat(mistakes(Measure.STATUS_COUNT, "status", 599)).isEmpty();
    assertThat(mistakes(Measure.ERROR_SHARE, "tell", Collections.nCopies(10, HOOK))).isEmpty();
  }

  @Test
  void wantsAStatusToCount() {
    assertThat(mistakes(Measure.STATUS_COUNT, "name", "x"))
        .singleElement()
        .asString()
        .contains("status is missing");
    assertThat(mistakes(Measure.STATUS_COUNT, "status", 99)).hasSize(1);
    assertThat(mistakes(Measure.STATUS_COUNT, "status", 600)).hasSize(1);
  }

  @Test
  void closesARuleThatOpensBelowAboveIt() {
    assertThat(mistakes(Measure.REQUESTS_PER_MINUTE_BELOW, "closesAt", 0.1))
        .singleElement()
        .asString()
        .contains("opensAt or more");
  }

  @Test
  void takesNoIdThatIsAnIncidentsOrHasOtherLetters() {
    for (String id :
        List.of("", "A", "a b", "a".repeat(65), "3b241101-e2bb-4255-8caf-4136c566a962")) {
      assertThat(RuleLimits.isId(id)).as(id).isFalse();
      assertThat(RuleLimits.mistakesIn(id, with(Measure.ERROR_SHARE, "name", "x"))).hasSize(1);
    }
  }

  @Test
  void findsAllMistakes() {
    RuleDefinition wrong =
        new RuleDefinition("", Scope.ALL, Measure.ERROR_SHARE, 5, 0, 2, 2, -1, 0, 0, 0, to("x"));

    assertThat(RuleLimits.mistakesIn("", wrong)).hasSize(11);
  }

  private static List<Invalid.Mistake> mistakes(Measure measure, String changed, Object value) {
    return RuleLimits.mistakesIn("a-rule", with(measure, changed, value));
  }

  private static Arguments mistake(String field, String changed, Object value) {
    return Arguments.of(field, changed, value);
  }

  private static List<Target> to(String url) {
    return List.of(new Target(Target.Kind.WEBHOOK, url));
  }

  /** A good rule but for one field. */
  @SuppressWarnings("unchecked")
  private static RuleDefinition with(Measure measure, String field, Object value) {
    return new RuleDefinition(
        field.equals("name") ? (String) value : "x",
        new Scope(
            field.equals("source") ? (String) value : null,
            field.equals("route") ? (String) value : null,
            field.equals("method") ? (String) value : null),
        measure,
        field.equals("status") ? (Integer) value : null,
        field.equals("windowMinutes") ? (int) value : 5,
        field.equals("opensAt") ? (double) value : 0.5,
        field.equals("closesAt") ? (double) value : measure.opensBelow() ? 0.7 : 0.2,
        field.equals("minimumRequests") ? (int) value : 0,
        field.equals("opensAfterMinutes") ? (int) value : 1,
        field.equals("closesAfterMinutes") ? (int) value : 1,
        field.equals("escalatesAfterMinutes") ? (Integer) value : null,
        field.equals("tell") ? (List<Target>) value : List.of());
  }
}
