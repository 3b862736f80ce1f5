package io.logfold.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Child busy;
  private Child failing;

  @BeforeEach
  void prepare(@TempDir Path folder) {
    busy = child(folder, "busy", "while true; do :; done");
    failing = child(folder, "failing", "echo no such thing; exit 1");
  }

  @AfterEach
  void end() throws InterruptedException {
    busy.kill();
    failing.kill();
  }

  @Test
  void usesNoTimeWhileItIsFrozenAndGoesOnAfterwards() throws Exception {
    busy.start();
    awaitWork();
    busy.freeze();
    awaitState('T');
    Duration frozenAt = busy.cpuTime();
    assertThat(busy.isFrozen()).isTrue();
    assertThat(busy.isAlive()).isTrue();
    assertThat(busy.cpuTime()).isEqualTo(frozenAt);
    busy.resume();
    Waiting.until(LIMIT, () -> busy.cpuTime().compareTo(frozenAt) > 0, () -> "It does not work.");
  }

  @Test
  void addsUpTheTimeOfAllItsLives() throws Exception {
    busy.start();
    awaitWork();
    busy.kill();
    Duration first = busy.cpuTime();
    assertThat(first).isPositive();
    busy.start();
    assertThat(busy.cpuTime()).isGreaterThanOrEqualTo(first);
    assertThat(busy.starts()).isEqualTo(2);
    assertThat(busy.peakBytes()).isPositive();
  }

  @Test
  void tellsAnEndFromAKill() throws Exception {
    busy.start();
    busy.kill();
    assertThat(busy.hasEndedByItself()).isFalse();
    failing.start();
    Waiting.until(LIMIT, failing::hasEndedByItself, () -> "It does not end.");
  }

  @Test
  void showsTheEndOfItsLogWhenItEndsInsteadOfWorking() {
    failing.start();
    assertThatThrownBy(() -> failing.awaitReady(LIMIT)).hasMessageContaining("no such thing");
  }

  private void awaitWork() throws InterruptedException {
    Waiting.until(LIMIT, () -> !busy.cpuTime().isZero(), () -> "It does not work.");
  }

  private void awaitState(char state) throws InterruptedException {
    Path stat = Path.of("/proc", Long.toString(busy.pid()), "stat");
    Waiting.until(
        LIMIT,
        () -> java.nio.file.Files.readString(stat).contains(") " + state + " "),
        () -> "It is not in state " + state);
  }

  private static Child child(Path folder, String name, String script) {
    return new Child(name, List.of("sh", "-c", script), folder.resolve(name), () -> false);
  }
}
