package io.logfold.query.judging;

import static io.logfold.query.judging.Rules.holding;
import static io.logfold.query.judging.Rules.rule;
import static io.logfold.query.judging.Rules.serverErrors;
import static io.logfold.query.judging.Rules.withAtLeast;
import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.query.judging.Judge.Outcome;
import io.logfold.query.judging.Judge.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JudgeTest {

  private static final long MANY = 1_000;

  @ParameterizedTest
  @CsvSource({
    // measure, opensAt, closesAt, a value that opens, one in between, one that closes
    "SERVER_ERROR_SHARE, 0.05, 0.02, 0.05, 0.03, 0.02",
    "ERROR_SHARE, 0.5, 0.2, 0.9, 0.21, 0",
    "STATUS_COUNT, 10, 2, 10, 9, 2",
    "LATENCY_P95_MILLIS, 500, 300, 500.1, 499.9, 300",
    "LATENCY_P99_MILLIS, 900, 900, 900, 900, 899",
    "REQUESTS_PER_MINUTE_ABOVE, 6000, 5000, 6000.5, 5000.5, 100",
    "REQUESTS_PER_MINUTE_BELOW, 10, 20, 10, 19.9, 20"
  })
  void opensAndClosesAtTheThresholdsOfEveryMeasure(
      Measure measure,
      double opensAt,
      double closesAt,
      double opens,
      double between,
      double closes) {
    RuleDefinition rule = rule(measure, opensAt, closesAt);
    assertThat(verdicts(rule, closes, opens, between, closes, opens))
        .containsExactly("-", "crossed", "-", "cleared", "crossed");
  }

  @Test
  void opensOnlyAfterAsManyMinutesInARowAsTheRuleAsks() {
    RuleDefinition rule = holding(3, 1, serverErrors());
    assertThat(verdicts(rule, 0.9, 0.9, 0.03, 0.9, 0.9, 0.9, 0.9))
        .containsExactly("-", "-", "-", "-", "-", "crossed", "-");
  }

  @Test
  void closesOnlyAfterAsManyMinutesInARowAsTheRuleAsks() {
    RuleDefinition rule = holding(1, 3, serverErrors());
    assertThat(verdicts(rule, 0.9, 0, 0, 0.03, 0, 0, 0.9, 0, 0, 0, 0))
        .containsExactly("crossed", "-", "-", "-", "-", "-", "-", "-", "-", "cleared", "-");
  }

  @Test
  void changesNothingBetweenTheThresholds() {
    assertThat(verdicts(serverErrors(), 0.03, 0.049, 0.021)).containsOnly("-");
    assertThat(verdicts(serverErrors(), 0.06, 0.03, 0.049, 0.021))
        .containsExactly("crossed", "-", "-", "-");
  }

  @Test
  void tellsAgainWhenItGotWorseByHalf() {
    assertThat(verdicts(serverErrors(), 0.10, 0.14, 0.15, 0.16, 0.2, 0.241, 0.1, 0.3))
        .containsExactly("crossed", "-", "-", "crossed", "-", "crossed", "-", "-");
  }

  @Test
  void tellsAgainWhenTooFewRequestsFellByAThird() {
    RuleDefinition rule = rule(Measure.REQUESTS_PER_MINUTE_BELOW, 90, 100);
    assertThat(verdicts(rule, 90, 61, 60, 59, 40, 39, 0, 0))
        .containsExactly("crossed", "-", "-", "crossed", "-", "crossed", "crossed", "-");
  }

  @Test
  void comparesWithTheWorstSinceItOpenedLast() {
    assertThat(verdicts(serverErrors(), 0.9, 0, 0.1, 0.16))
        .containsExactly("crossed", "cleared", "crossed", "crossed");
  }

  @Test
  void opensOnlyWithEnoughRequests() {
    RuleDefinition rule = withAtLeast(100, serverErrors());
    assertThat(judge(rule, ScopeState.CALM, 1, 99).verdict()).isEqualTo(Verdict.NOTHING);
    assertThat(judge(rule, ScopeState.CALM, 1, 100).verdict()).isEqualTo(Verdict.CROSSED);
  }

  @Test
  void neitherWorsensNorClosesWithTooFewRequestsThatAreBad() {
    RuleDefinition rule = withAtLeast(100, serverErrors());
    ScopeState open = ScopeState.open(0.1);
    assertThat(judge(rule, open, 1, 99)).isEqualTo(new Outcome(open, Verdict.NOTHING));
    assertThat(judge(rule, open, 0, 99).verdict()).isEqualTo(Verdict.CLEARED);
  }

  @Test
  void missesRequestsHoweverManyAreAskedFor() {
    RuleDefinition rule = withAtLeast(100, rule(Measure.REQUESTS_PER_MINUTE_BELOW, 10, 20));
    assertThat(judge(rule, ScopeState.CALM, 0, 0).verdict()).isEqualTo(Verdict.CROSSED);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REQUESTS_PER_MINUTE_BELOW")
  void takesSilenceForTheEndOfIt(Measure measure) {
    RuleDefinition rule = rule(measure, 10, 5);
    assertThat(judge(rule, ScopeState.open(20), 0, 0).verdict()).isEqualTo(Verdict.CLEARED);
    assertThat(judge(rule, ScopeState.CALM, 0, 0).verdict()).isEqualTo(Verdict.NOTHING);
  }

  @Test
  void neverTakesSilenceForTheEndOfTooFewRequests() {
    RuleDefinition rule = rule(Measure.REQUESTS_PER_MINUTE_BELOW, 10, 20);
    assertThat(judge(rule, ScopeState.open(5), 0, 0).verdict()).isNotEqualTo(Verdict.CLEARED);
  }

  @Test
  void tellsOneCrossingAndAtMostOneClearingOfAnHourAroundTheThreshold() {
    long seed = Long.getLong("logfold.test.seed", 20250610L);
    System.out.println("Values of -Dlogfold.test.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      double[] values = random.doubles(60, 0.025, 0.074).toArray();
      values[random.nextInt(60)] = 0.05;
      List<String> verdicts = verdicts(holding(1, 5, serverErrors()), values);
      assertThat(Collections.frequency(verdicts, "crossed")).isEqualTo(1);
      assertThat(Collections.frequency(verdicts, "cleared")).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void swingsOverBothThresholdsAndStaysOneIncidentWhileTheRuleHolds() {
    double[] values = new double[60];
    for (int minute = 0; minute < 60; minute++) {
      values[minute] = minute % 2 == 0 ? 0.06 : 0.01;
    }
    assertThat(verdicts(holding(1, 2, serverErrors()), values))
        .containsOnlyOnce("crossed")
        .doesNotContain("cleared");
  }

  private static Outcome judge(
      RuleDefinition rule, ScopeState before, double value, long requests) {
    return Judge.judge(rule, before, value, requests);
  }

  /** What is told of each minute, from calm. */
  private static List<String> verdicts(RuleDefinition rule, double... values) {
    List<String> verdicts = new ArrayList<>();
    ScopeState state = ScopeState.CALM;
    for (double value : values) {
      Outcome outcome = judge(rule, state, value, MANY);
      state = outcome.state();
      verdicts.add(
          switch (outcome.verdict()) {
            case NOTHING -> "-";
            case CROSSED -> "crossed";
            case CLEARED -> "cleared";
          });
    }
    return verdicts;
  }
}
