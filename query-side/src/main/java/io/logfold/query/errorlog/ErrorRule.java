package io.logfold.query.errorlog;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Which statuses are errors, written as statuses and ranges: {@code 400-599}, {@code 404,500}, or
 * {@code 404,500-599}.
 */
public final class ErrorRule {

  private static final int LOWEST = 100;
  private static final int HIGHEST = 599;

  private final String text;
  private final BitSet statuses = new BitSet(HIGHEST + 1);

  private ErrorRule(String text) {
    this.text = text;
    for (String part : text.split(",", -1)) {
      String[] ends = part.split("-", 2);
      int first = status(ends[0]);
      int last = status(ends[ends.length - 1]);
      if (last < first) {
        throw unusable(part);
      }
      statuses.set(first, last + 1);
    }
  }

  /**
   * Reads a rule.
   *
   * @throws IllegalArgumentException if it is none, with a sentence that says why
   */
  public static ErrorRule parse(String text) {
    return new ErrorRule(text.replace(" ", ""));
  }

  /** The statuses that are errors, ascending. */
  IntStream statuses() {
    return statuses.stream();
  }

  /** Whether a status is an error. */
  public boolean matches(int status) {
    return statuses.get(status);
  }

  @Override
  public String toString() {
    return text;
  }

  private int status(String digits) {
    if (!digits.matches("[1-5][0-9]{2}")) {
      throw unusable(digits);
    }
    return Integer.parseInt(digits);
  }

  private IllegalArgumentException unusable(String part) {
    return new IllegalArgumentException(
        "logfold.error-log.statuses is '%s': '%s' is no status or range of %d to %d; write for example 400-599 or 404,500."
            .formatted(text, part, LOWEST, HIGHEST));
  }
}
