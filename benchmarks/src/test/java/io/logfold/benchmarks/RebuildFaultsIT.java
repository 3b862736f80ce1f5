package io.logfold.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A short run of what {@code rebuild-faults} does for long. */
class RebuildFaultsIT {

  @Test
  void endsEveryRebuildWithEqualGenerationsWhateverIsKilled() {
    long seed = Long.getLong("rebuild.seed", System.nanoTime());
    int status =
        new CommandLine(new RebuildFaults())
            .execute("--logs=12000", "--kills=4", "--rate=1000", "--seed=" + seed);
    assertThat(status).as("exit status of a run with -Drebuild.seed=%d", seed).isZero();
  }
}
