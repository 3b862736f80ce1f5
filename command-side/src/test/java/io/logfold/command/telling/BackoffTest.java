package io.logfold.command.telling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

  private final Backoff backoff =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), new Random(42));

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 4", "9, 256", "10, 300", "1000000, 300"})
  void waitsAtRandomUpToTwiceAsLongEachTimeAndNeverLongerThanTheLongest(int attempts, int most) {
    var waits = Stream.generate(() -> backoff.after(attempts)).limit(2_000).toList();

    assertThat(waits)
        .allMatch(wait -> !wait.isNegative() && wait.compareTo(Duration.ofSeconds(most)) <= 0)
        .anyMatch(wait -> wait.toMillis() < most * 100L)
        .anyMatch(wait -> wait.toMillis() > most * 900L);
  }
}
