package io.logfold.command.ingest;

/** Numbers as access logs write them: ASCII digits, nothing else. */
final class Numbers {

  private static final int MAX_DIGITS = 18;

  private Numbers() {}

  /** A whole number, possibly negative so that a range check can name it. */
  static long whole(String field, String text) throws BadLine {
    int from = text.startsWith("-") ? 1 : 0;
    int length = text.length() - from;
    if (length < 1 || length > MAX_DIGITS || !isDigits(text, from, text.length())) {
      throw notANumber(field, text);
    }
    return Long.parseLong(text);
  }

  /** A number with or without a decimal point; no exponent, no NaN. */
  static double decimal(String field, String text) throws BadLine {
    int dot = text.indexOf('.');
    int from = text.startsWith("-") ? 1 : 0;
    boolean good =
        dot < 0
            ? text.length() > from && isDigits(text, from, text.length())
            : dot > from && isDigits(text, from, dot) && isDigits(text, dot + 1, text.length());
    if (!good || text.length() > 2 * MAX_DIGITS) {
      throw notANumber(field, text);
    }
    return Double.parseDouble(text);
  }

  private static BadLine notANumber(String field, String text) {
    return new BadLine(
        "bad-" + field, "%s is '%s', expected a number.".formatted(field, Excerpt.ofValue(text)));
  }

  private static boolean isDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
