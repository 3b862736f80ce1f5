package io.logfold.query.errorlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorRuleTest {

  @Test
  void matchesBothEndsOfARangeAndNothingBeside() {
    assertThat(matched("400-599")).isEqualTo(IntStream.rangeClosed(400, 599).boxed().toList());
  }

  @Test
  void matchesSingleStatuses() {
    assertThat(matched("404,500")).containsExactly(404, 500);
  }

  @Test
  void matchesStatusesAndRangesTogether() {
    assertThat(matched("404,500-502,599")).containsExactly(404, 500, 501, 502, 599);
  }

  @Test
  void matchesTheLowestAndTheHighestStatus() {
    assertThat(matched("100-100,599")).containsExactly(100, 599);
  }

  @Test
  void readsOverSpacesAndOverlaps() {
    assertThat(matched(" 404, 403 - 405 ")).containsExactly(403, 404, 405);
  }

  @Test
  void isWrittenWithoutSpaces() {
    assertThat(rule("404, 500")).hasToString("404,500");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "404,",
        "abc",
        "4xx",
        "99",
        "600",
        "-1",
        "404-",
        "-404",
        "500-400",
        "400-599-600",
        "4040",
        "404;500",
        "4.4",
        "٤٠٤"
      })
  void refusesWhatIsNoRuleWithASentenceThatHelps(String text) {
    assertThatThrownBy(() -> rule(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("logfold.error-log.statuses is '" + text.replace(" ", "") + "'")
        .hasMessageContaining("is no status or range of 100 to 599")
        .hasMessageContaining("400-599 or 404,500");
  }

  private static List<Integer> matched(String text) {
    ErrorRule rule = rule(text);
    return IntStream.rangeClosed(0, 1_000).filter(rule::matches).boxed().toList();
  }

  private static ErrorRule rule(String text) {
    return ErrorRule.parse(text);
  }
}
