package io.logfold.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.benchmarks.Counts.Count;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultResultTest {

  @Test
  void isRightWhenEveryFigureIs() {
    FaultResult result = of(new Count("requests by query-side-1", 10, 10));
    assertThat(result.isRight()).isTrue();
    assertThat(result.toText()).contains("seed      42", "1 x kill -9 of Kafka", "0 wrong");
  }

  @Test
  void saysWhatIsLost() {
    FaultResult result = of(new Count("requests by query-side-1", 10, 7));
    assertThat(result.isRight()).isFalse();
    assertThat(result.lost()).isEqualTo(3);
    assertThat(result.toText()).contains("requests by query-side-1: expected 10, found 7");
  }

  @Test
  void saysWhatIsDoubled() {
    assertThat(of(new Count("requests by query-side-1", 10, 12)).doubled()).isEqualTo(2);
  }

  @Test
  void isWrongWhenASingleFigureIs() {
    assertThat(
            of(
                    new Count("requests by query-side-1", 10, 10),
                    new Count("rows in error_log, status 500", 4, 3))
                .isRight())
        .isFalse();
  }

  private static FaultResult of(Count... counts) {
    return new FaultResult(
        new FaultSettings(10, 1, 42, 100, Duration.ZERO, Duration.ZERO),
        Tally.NONE,
        Map.of(FaultKind.KILL_KAFKA, 1),
        0,
        List.of(counts),
        Duration.ofSeconds(1));
  }
}
