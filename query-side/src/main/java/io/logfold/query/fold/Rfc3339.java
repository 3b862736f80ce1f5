package io.logfold.query.fold;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Reads a time such as {@code 2025-06-10T10:41:40.123Z}. {@link Instant#parse} is right for every
 * spelling and takes longer than the rest of a log together; so the usual one is read by position.
 */
final class Rfc3339 {

  private static final int SECONDS_END = 19;

  private Rfc3339() {}

  static Instant instant(JsonParser parser) throws IOException {
    char[] text = parser.getTextCharacters();
    int at = parser.getTextOffset();
    int length = parser.getTextLength();
    return isUsual(text, at, length)
        ? Instant.ofEpochMilli(second(text, at) * 1_000 + millis(text, at, length))
        : Instant.parse(parser.getText());
  }

  /** UTC, to the second or to the millisecond. */
  private static boolean isUsual(char[] text, int at, int length) {
    if (length != SECONDS_END + 1 && length != SECONDS_END + 5) {
      return false;
    }
    for (int i = 0; i < length - 1; i++) {
      char expected = "0000-00-00T00:00:00.000".charAt(i);
      char found = text[at + i];
      if (expected == '0' ? found < '0' || found > '9' : found != expected) {
        return false;
      }
    }
    return text[at + length - 1] == 'Z';
  }

  private static long second(char[] text, int at) {
    long day =
        LocalDate.of(two(text, at) * 100 + two(text, at + 2), two(text, at + 5), two(text, at + 8))
            .toEpochDay();
    int hour = two(text, at + 11);
    int minute = two(text, at + 14);
    int second = two(text, at + 17);
    if (hour > 23 || minute > 59 || second > 59) {
      throw new java.time.DateTimeException("no time of a day");
    }
    return ((day * 24 + hour) * 60 + minute) * 60 + second;
  }

  private static int millis(char[] text, int at, int length) {
    return length == SECONDS_END + 1 ? 0 : two(text, at + 20) * 10 + (text[at + 22] - '0');
  }

  private static int two(char[] text, int at) {
    return (text[at] - '0') * 10 + text[at + 1] - '0';
  }
}
