package io.logfold.query.fold;

import java.time.Instant;
import java.time.LocalDate;

/**
 * Reads a time such as {@code 2025-06-10T10:41:40.123Z}. {@link Instant#parse} is right for every
 * spelling and takes longer than the rest of a log together; so the usual one is read by position.
 */
final class Rfc3339 {

  private static final int SECONDS_END = 19;

  private Rfc3339() {}

  /**
   * @throws java.time.DateTimeException if the text is no time
   */
  static Instant instant(String text) {
    return isUsual(text)
        ? Instant.ofEpochMilli(second(text) * 1_000 + millis(text))
        : Instant.parse(text);
  }

  /** UTC, to the second or to the millisecond. */
  private static boolean isUsual(String text) {
    int length = text.length();
    if (length != SECONDS_END + 1 && length != SECONDS_END + 5) {
      return false;
    }
    for (int i = 0; i < length - 1; i++) {
      char expected = "0000-00-00T00:00:00.000".charAt(i);
      char found = text.charAt(i);
      if (expected == '0' ? found < '0' || found > '9' : found != expected) {
        return false;
      }
    }
    return text.charAt(length - 1) == 'Z';
  }

  private static long second(String text) {
    long day =
        LocalDate.of(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8)).toEpochDay();
    int hour = two(text, 11);
    int minute = two(text, 14);
    int second = two(text, 17);
    if (hour > 23 || minute > 59 || second > 59) {
      throw new java.time.DateTimeException("no time of a day");
    }
    return ((day * 24 + hour) * 60 + minute) * 60 + second;
  }

  private static int millis(String text) {
    return text.length() == SECONDS_END + 1 ? 0 : two(text, 20) * 10 + (text.charAt(22) - '0');
  }

  private static int two(String text, int at) {
    return (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
  }
}
