package io.logfold.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A short run of what {@code faults} does for hours. */
class FaultsIT {

  @Test
  void countsEveryAcknowledgedLogOnceWhateverIsKilled() {
    long seed = Long.getLong("faults.seed", System.nanoTime());
    int status =
        new CommandLine(new Faults())
            .execute("--logs=30000", "--kills=7", "--freeze=10", "--away=12", "--seed=" + seed);
    assertThat(status).as("exit status of a run with -Dfaults.seed=%d", seed).isZero();
  }
}
