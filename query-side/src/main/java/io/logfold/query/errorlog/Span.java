package io.logfold.query.errorlog;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lengths of time that errors are counted by. */
enum Span {
  DAY(ChronoUnit.DAYS, null),
  HOUR(ChronoUnit.HOURS, DAY),
  MINUTE(ChronoUnit.MINUTES, HOUR);

  private final ChronoUnit unit;
  private final @Nullable Span longer;

  Span(ChronoUnit unit, @Nullable Span longer) {
    this.unit = unit;
    this.longer = longer;
  }

  /**
   * Spans of one length that follow each other.
   *
   * @param from the beginning of the first, or null for all before
   * @param until the end of the last, or null for all after
   */
  record Stretch(Span span, @Nullable Instant from, @Nullable Instant until) {}

  int minutes() {
    return (int) unit.getDuration().toMinutes();
  }

  /** The beginning of the span that a time falls in. */
  Instant floor(Instant time) {
    return time.truncatedTo(unit);
  }

  /** The beginning of the first span that begins at a time or later. */
  Instant ceiling(Instant time) {
    return floor(time.plus(unit.getDuration()).minus(Duration.ofNanos(1)));
  }

  /**
   * The fewest stretches that make up a time.
   *
   * @param from the beginning of a minute, or null
   * @param until the beginning of a minute, and not before; or null
   */
  static List<Stretch> stretches(@Nullable Instant from, @Nullable Instant until) {
    List<Stretch> stretches = new ArrayList<>();
    MINUTE.addStretches(stretches, from, until);
    return stretches;
  }

  private void addStretches(
      List<Stretch> stretches, @Nullable Instant from, @Nullable Instant until) {
    Instant first = from == null || longer == null ? null : longer.ceiling(from);
    Instant last = until == null || longer == null ? null : longer.floor(until);
    if (longer == null || (first != null && last != null && last.isBefore(first))) {
      addUnlessEmpty(stretches, from, until);
      return;
    }
    if (from != null) {
      addUnlessEmpty(stretches, from, first);
    }
    longer.addStretches(stretches, first, last);
    if (until != null) {
      addUnlessEmpty(stretches, last, until);
    }
  }

  private void addUnlessEmpty(
      List<Stretch> stretches, @Nullable Instant from, @Nullable Instant until) {
    if (from == null || !from.equals(until)) {
      stretches.add(new Stretch(this, from, until));
    }
  }
}
