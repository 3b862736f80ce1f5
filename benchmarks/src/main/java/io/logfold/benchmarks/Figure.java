package io.logfold.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table.
 *
 * @param limit what it is a share of, in the same unit, or null
 * @param target what the share, or without a limit the figure itself, is held against, or null
 */
record Figure(
    String name, double measured, String unit, @Nullable Double limit, @Nullable Target target) {

  static final String HEADER =
      """
      | figure | measured | limit | ratio | must | goal | reached |
      |---|---:|---:|---:|---:|---:|---|
      """;

  /** What must be reached, and what ought to. */
  record Target(double must, double goal) {

    /** Less is better when the goal is less than what must be. */
    String reachedBy(double value) {
      return isReached(value, goal) ? "goal" : isReached(value, must) ? "must" : "**no**";
    }

    private boolean isReached(double value, double bound) {
      return goal < must ? value <= bound : value >= bound;
    }
  }

  static Figure of(String name, double measured, String unit) {
    return new Figure(name, measured, unit, null, null);
  }

  Figure target(double must, double goal) {
    return new Figure(name, measured, unit, limit, new Target(must, goal));
  }

  /** A share of a limit, if that was measured. */
  Figure shareOf(@Nullable Speed speed, double must, double goal) {
    return speed == null
        ? this
        : new Figure(name, measured, unit, speed.perSecond(), new Target(must, goal));
  }

  String row() {
    Double ratio = limit == null ? null : (Double) (measured / limit);
    Target held = target;
    return "| %s | %s %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            name,
            text(measured),
            unit,
            text(limit),
            text(ratio),
            held == null ? "" : sign(held) + text(held.must()),
            held == null ? "" : sign(held) + text(held.goal()),
            held == null ? "" : held.reachedBy(ratio == null ? measured : ratio));
  }

  private static String sign(Target target) {
    return target.goal() < target.must() ? "<= " : ">= ";
  }

  private static String text(@Nullable Double value) {
    if (value == null) {
      return "";
    }
    String format = value < 10 ? "%.2f" : value < 1_000 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value).replaceFirst("\\.0+$", "");
  }
}
