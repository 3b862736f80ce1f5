package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RebuildThrottleTest {

  private static final int REST = 3;

  private final AtomicLong nanos = new AtomicLong();
  private final RebuildThrottle throttle = new RebuildThrottle(REST, nanos::get);

  @Test
  void restsAMultipleOfATurnInWhichSomebodyWasServed() {
    RebuildThrottle.Turn turn = throttle.begin();
    throttle.served();
    timePasses(Duration.ofMillis(40));
    assertThat(turn.rest()).isEqualTo(Duration.ofMillis(120));
  }

  @Test
  void doesNotRestWhenItIsAlone() {
    throttle.served();
    RebuildThrottle.Turn turn = throttle.begin();
    timePasses(Duration.ofMillis(40));
    assertThat(turn.rest()).isZero();
  }

  @Test
  void restsNoLongerThanAShutdownMayWait() {
    RebuildThrottle.Turn turn = throttle.begin();
    throttle.served();
    timePasses(Duration.ofSeconds(40));
    assertThat(turn.rest()).isEqualTo(Duration.ofMillis(500));
  }

  private void timePasses(Duration passed) {
    nanos.addAndGet(passed.toNanos());
  }
}
