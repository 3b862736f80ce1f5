package io.logfold.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.benchmarks.Counts.Count;
import io.logfold.benchmarks.RebuildReport.Asking;
import io.logfold.benchmarks.RebuildReport.Built;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RebuildReportTest {

  @Test
  void isRightWhenReadersNoticeLittleAndAMillionLogsTakeTenSeconds() {
    RebuildReport report = of(10, 20, List.of(), List.of());
    assertThat(report.isRight()).isTrue();
    assertThat(report.toText())
        .contains(
            "| stats-2 alone | 100,000 logs/s |",
            "| - answers meanwhile, p99 | 20 ms |",
            "| - longest wait for the disk | 345 ms |");
  }

  @Test
  void isWrongWhenItIsSlow() {
    assertThat(of(11, 20, List.of(), List.of()).isRight()).isFalse();
  }

  @Test
  void isWrongWhenReadersWaitMoreThanTwiceAsLong() {
    assertThat(of(10, 21, List.of(), List.of()).isRight()).isFalse();
  }

  @Test
  void isWrongWhenAnAnswerGoesBackOrACountDiffers() {
    RebuildReport back = of(10, 20, List.of("/logs: 7 after 8"), List.of());
    assertThat(back.isRight()).isFalse();
    assertThat(back.toText()).contains("/logs: 7 after 8");
    assertThat(of(10, 20, List.of(), List.of(new Count("rows", 1, 0))).isRight()).isFalse();
  }

  private static RebuildReport of(
      double seconds, double p99, List<String> problems, List<Count> wrong) {
    Asking asking = new Asking(new Reader.Experience(100, 5, 10, 30), new TreeMap<>());
    Built built =
        new Built(
            "stats-2",
            new Speed(1_000_000, seconds, 8),
            new TreeMap<>(Map.of("kafka", 0.5)),
            new Reader.Experience(100, 5, p99, 30),
            new StallWatch.Stalls(12, 345));
    return new RebuildReport(asking, asking, List.of(built), List.of(built), problems, wrong);
  }
}
