package io.logfold.query.errorlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.query.errorlog.Span.Stretch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpanTest {

  @Test
  void makesATimeOfDaysAndOfHoursAndMinutesAtItsEnds() {
    assertThat(Span.stretches(at("02T22:58"), at("05T01:01")))
        .containsExactly(
            of(Span.MINUTE, at("02T22:58"), at("02T23:00")),
            of(Span.HOUR, at("02T23:00"), at("03T00:00")),
            of(Span.DAY, at("03T00:00"), at("05T00:00")),
            of(Span.HOUR, at("05T00:00"), at("05T01:00")),
            of(Span.MINUTE, at("05T01:00"), at("05T01:01")));
  }

  @Test
  void makesWholeDaysOfDays() {
    assertThat(Span.stretches(at("02T00:00"), at("04T00:00")))
        .containsExactly(of(Span.DAY, at("02T00:00"), at("04T00:00")));
  }

  @Test
  void makesATimeWithinAnHourOfMinutes() {
    assertThat(Span.stretches(at("02T10:01"), at("02T10:59")))
        .containsExactly(of(Span.MINUTE, at("02T10:01"), at("02T10:59")));
  }

  @Test
  void makesAllOfDays() {
    assertThat(Span.stretches(null, null)).containsExactly(of(Span.DAY, null, null));
  }

  @Test
  void makesAnOpenTimeOfDaysAtItsOpenEnd() {
    assertThat(Span.stretches(null, at("02T01:00")))
        .containsExactly(
            of(Span.DAY, null, at("02T00:00")), of(Span.HOUR, at("02T00:00"), at("02T01:00")));
    assertThat(Span.stretches(at("02T23:00"), null))
        .containsExactly(
            of(Span.HOUR, at("02T23:00"), at("03T00:00")), of(Span.DAY, at("03T00:00"), null));
  }

  @Test
  void makesNothingOfNoTime() {
    assertThat(Span.stretches(at("02T10:01"), at("02T10:01"))).isEmpty();
  }

  private static Stretch of(Span span, @Nullable Instant from, @Nullable Instant until) {
    return new Stretch(span, from, until);
  }

  private static Instant at(String dayAndMinute) {
    return Instant.parse("2026-01-%s:00Z".formatted(dayAndMinute));
  }
}
