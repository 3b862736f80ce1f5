package io.logfold.generator;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people type them: {@code 250ms}, {@code 90s}, {@code 5m}, {@code 2h}, {@code 1d}. */
final class Durations {

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)?");

  private Durations() {}

  /**
   * Reads a time; a bare number is seconds.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static Duration parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no time, expected a number with ms, s, m, h or d, such as 90s.");
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2);
    return switch (unit == null ? "s" : unit) {
      case "ms" -> Duration.ofMillis(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofSeconds(number);
    };
  }

  /** Reads {@code AFTER,LENGTH}. */
  static GeneratorSettings.Outage parseOutage(String text) {
    int comma = text.indexOf(',');
    if (comma < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is no outage, expected AFTER,LENGTH, such as 60s,30s.");
    }
    return new GeneratorSettings.Outage(
        parse(text.substring(0, comma)), parse(text.substring(comma + 1)));
  }
}
