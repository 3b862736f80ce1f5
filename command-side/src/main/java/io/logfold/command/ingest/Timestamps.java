package io.logfold.command.ingest;

import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * Reads the two spellings of time in access logs into milliseconds since 1970. Scans by position:
 * this runs once a line, and {@code DateTimeFormatter} alone would cost more than all the rest.
 */
final class Timestamps {

  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final long DAY_SECONDS = 86_400;

  private Timestamps() {}

  /**
   * RFC 3339, such as {@code 2025-06-10T10:41:40.123Z} or {@code 2025-06-10 14:11:40+03:30}; digits
   * beyond milliseconds are dropped.
   */
  static long rfc3339(String text) throws BadLine {
    try {
      expect(text, 4, '-');
      expect(text, 7, '-');
      expectOneOf(text, 10, "Tt ");
      long second =
          day(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2)) + clock(text, 11);
      int zone = endOfDigits(text, 19);
      return (second - offset(text, zone)) * 1000 + fraction(text, 19, zone);
    } catch (NotATime | DateTimeException e) {
      throw new BadLine(
          "bad-time",
          "time is '%s', expected RFC 3339 such as 2025-06-10T10:41:40Z."
              .formatted(Excerpt.ofValue(text)));
    }
  }

  /** The common log format's, such as {@code 10/Oct/2000:13:55:36 -0700}. */
  static long commonLog(String text) throws BadLine {
    try {
      expect(text, 2, '/');
      expect(text, 6, '/');
      expect(text, 11, ':');
      expect(text, 20, ' ');
      long second = day(number(text, 7, 4), month(text), number(text, 0, 2)) + clock(text, 12);
      return (second - offset(text, 21)) * 1000;
    } catch (NotATime | DateTimeException e) {
      throw new BadLine(
          "bad-time",
          "time is '[%s]', expected the form [10/Oct/2000:13:55:36 -0700]."
              .formatted(Excerpt.ofValue(text)));
    }
  }

  private static long day(int year, int month, int day) {
    return LocalDate.of(year, month, day).toEpochDay() * DAY_SECONDS;
  }

  private static int month(String text) throws NotATime {
    int at = MONTHS.indexOf(text.substring(3, 6));
    check(at >= 0 && at % 3 == 0);
    return at / 3 + 1;
  }

  /** Seconds of the day; a leap second counts as the next one. */
  private static int clock(String text, int at) throws NotATime {
    expect(text, at + 2, ':');
    expect(text, at + 5, ':');
    int hour = number(text, at, 2);
    int minute = number(text, at + 3, 2);
    int second = number(text, at + 6, 2);
    check(hour < 24 && minute < 60 && second <= 60);
    return hour * 3600 + minute * 60 + second;
  }

  private static int endOfDigits(String text, int at) throws NotATime {
    if (at >= text.length() || text.charAt(at) != '.') {
      return at;
    }
    int end = at + 1;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    check(end > at + 1);
    return end;
  }

  private static int fraction(String text, int dot, int end) {
    int millis = 0;
    for (int i = 1; i <= 3; i++) {
      millis = millis * 10 + (dot + i < end ? text.charAt(dot + i) - '0' : 0);
    }
    return millis;
  }

  /** Seconds east of Greenwich: {@code Z}, {@code +0330} or {@code +03:30}, to the text's end. */
  private static int offset(String text, int at) throws NotATime {
    check(at < text.length());
    char sign = text.charAt(at);
    if (sign == 'Z' || sign == 'z') {
      check(text.length() == at + 1);
      return 0;
    }
    check(sign == '+' || sign == '-');
    int minuteAt = at + 3 < text.length() && text.charAt(at + 3) == ':' ? at + 4 : at + 3;
    check(text.length() == minuteAt + 2);
    int hours = number(text, at + 1, 2);
    int minutes = number(text, minuteAt, 2);
    check(hours <= 18 && minutes < 60);
    return (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
  }

  private static int number(String text, int at, int digits) throws NotATime {
    check(at + digits <= text.length());
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      check(isDigit(text.charAt(i)));
      value = value * 10 + text.charAt(i) - '0';
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static void expect(String text, int at, char expected) throws NotATime {
    check(at < text.length() && text.charAt(at) == expected);
  }

  private static void expectOneOf(String text, int at, String expected) throws NotATime {
    check(at < text.length() && expected.indexOf(text.charAt(at)) >= 0);
  }

  private static void check(boolean holds) throws NotATime {
    if (!holds) {
      throw new NotATime();
    }
  }

  private static final class NotATime extends Exception {

    NotATime() {
      super(null, null, false, false);
    }
  }
}
