package io.logfold.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

  @Test
  void isTheSameForTheSameSeed() {
    assertThat(FaultPlan.of(50, true, new Random(7)))
        .hasSize(50)
        .isEqualTo(FaultPlan.of(50, true, new Random(7)));
  }

  @Test
  void killsOneOfEachKindHoweverShortItIs() {
    assertThat(FaultPlan.of(4, true, new Random()))
        .containsExactlyInAnyOrder(
            FaultKind.KILL_QUERY_SIDE,
            FaultKind.KILL_COMMAND_SIDE,
            FaultKind.KILL_KAFKA,
            FaultKind.KILL_DATABASE);
  }

  @Test
  void doesEveryKindWhenItIsLong() {
    assertThat(FaultPlan.of(20, true, new Random())).contains(FaultKind.values());
  }

  @Test
  void sparesADatabaseThatIsSomebodyElses() {
    assertThat(FaultPlan.of(100, false, new Random())).doesNotContain(FaultKind.KILL_DATABASE);
  }

  @Test
  void killsQuerySidesHalfOfTheTimeWhileTheyRebuild() {
    assertThat(FaultPlan.kills(60, true, new Random()))
        .hasSize(60)
        .containsOnly(
            FaultKind.KILL_QUERY_SIDE,
            FaultKind.KILL_COMMAND_SIDE,
            FaultKind.KILL_KAFKA,
            FaultKind.KILL_DATABASE)
        .filteredOn(kind -> kind == FaultKind.KILL_QUERY_SIDE)
        .hasSize(30);
  }
}
