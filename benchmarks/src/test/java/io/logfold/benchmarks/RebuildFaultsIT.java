package io.logfold.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import picocli.CommandLine;

/**
 * A short run of what {@code rebuild-faults} does for long. Asked for by its seed: how long it
 * takes depends on the machine, three to five minutes where two cores are shared.
 */
@EnabledIfSystemProperty(
    named = "rebuild.seed",
    matches = ".+",
    disabledReason = "run it with -Drebuild.seed=NUMBER")
class RebuildFaultsIT {

  @Test
  void endsEveryRebuildWithEqualGenerationsWhateverIsKilled() {
    long seed = Long.getLong("rebuild.seed");
    int status =
        new CommandLine(new RebuildFaults())
            .execute("--logs=12000", "--kills=4", "--rate=1000", "--seed=" + seed);
    assertThat(status).as("exit status of a run with -Drebuild.seed=%d", seed).isZero();
  }
}
