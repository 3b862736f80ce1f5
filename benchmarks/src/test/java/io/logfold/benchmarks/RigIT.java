package io.logfold.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The processes that everything else here rests on. */
class RigIT {

  @Test
  void startsEverythingAndKnowsWhatItCosts() throws Exception {
    try (Rig rig =
        Rig.start(
            RigSettings.in(Path.of("target", "rig", "rig-it-" + ProcessHandle.current().pid()))
                .build())) {
      assertThat(rig.children()).allSatisfy(child -> assertThat(child.isReady()).isTrue());
      assertThat(rig.querySides().get(0).process().cpuTime()).isPositive();
      assertThat(rig.kafka().peakBytes()).isPositive();
    }
  }
}
