package io.logfold.generator;

import static io.logfold.generator.Runs.oneStream;
import static io.logfold.generator.Runs.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final URI ANYWHERE = URI.create("http://127.0.0.1:8080");

  private final ManualTicker ticker = new ManualTicker();

  @Test
  void keepsTheRate() throws Exception {
    try (Receiver receiver = new Receiver()) {
      GeneratorReport report = run(oneStream(receiver.uri()).rate(250).total(1_010), ticker);

      assertThat(report.durationSeconds()).isCloseTo(4.0, within(1e-6));
      assertThat(ticker.sleptMillis()).hasSize(100).containsOnly(40L);
    }
  }

  @Test
  void catchesUpWithOneSecondAtMostAfterAStall() {
    Schedule schedule = new Schedule(oneStream(ANYWHERE).rate(100).build(), ticker);
    ticker.pass(60_000_000_000L);

    List<Long> lateMillis = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Schedule.Slot slot = schedule.next();
      assertThat(slot).isNotNull();
      lateMillis.add((ticker.nanos() - slot.dueNanos()) / 1_000_000);
    }

    assertThat(lateMillis).startsWith(1_000L, 900L, 800L).endsWith(0L, -100L);
  }

  @Test
  void beginsNoRequestAfterTheDuration() throws Exception {
    try (Receiver receiver = new Receiver()) {
      GeneratorReport report =
          run(oneStream(receiver.uri()).rate(100).duration(Duration.ofSeconds(2)), ticker);

      assertThat(report.sent()).isEqualTo(200);
    }
  }

  @Test
  void theLastRequestHasWhatIsLeft() {
    Schedule schedule = new Schedule(oneStream(ANYWHERE).total(25).build(), ticker);

    assertThat(schedule.next()).extracting(Schedule.Slot::size).isEqualTo(10);
    assertThat(schedule.next()).extracting(Schedule.Slot::size).isEqualTo(10);
    assertThat(schedule.next()).extracting(Schedule.Slot::size).isEqualTo(5);
    assertThat(schedule.next()).isNull();
  }
}
