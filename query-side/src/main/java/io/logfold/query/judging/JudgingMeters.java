package io.logfold.query.judging;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * How judging does. {@code logfold.judging.lag}: seconds since the end of the last judged minute,
 * by whichever process; 10 to some 75 is as it should be, more means that the fold is behind or
 * that judging fails. {@code logfold.judging.minutes}: minutes that this process judged, and how
 * long that took. {@code logfold.judging.findings}: what it found, by kind.
 */
@Component
class JudgingMeters {

  private final Clock clock;
  private final AtomicReference<@Nullable Instant> judgedUntil = new AtomicReference<>();
  private final Timer minutes;
  private final Counter crossed;
  private final Counter cleared;

  JudgingMeters(MeterRegistry metrics, Clock clock) {
    this.clock = clock;
    Gauge.builder("logfold.judging.lag", this, JudgingMeters::lagSeconds)
        .baseUnit("seconds")
        .register(metrics);
    this.minutes = metrics.timer("logfold.judging.minutes");
    this.crossed = metrics.counter("logfold.judging.findings", "kind", "crossed");
    this.cleared = metrics.counter("logfold.judging.findings", "kind", "cleared");
  }

  void judgedUntil(Instant next) {
    judgedUntil.set(next);
  }

  /** A minute is judged, and stored. */
  void judged(List<Watch.Finding> findings, Duration took) {
    minutes.record(took);
    findings.forEach(finding -> (finding.crossed() ? crossed : cleared).increment());
  }

  private double lagSeconds() {
    Instant until = judgedUntil.get();
    return until == null
        ? Double.NaN
        : Duration.between(until, clock.instant()).toMillis() / 1_000.0;
  }
}
