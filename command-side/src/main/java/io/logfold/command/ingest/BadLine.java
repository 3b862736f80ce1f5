package io.logfold.command.ingest;

/** Why a line is no access log. Carries no stack trace: it is an answer, made per line. */
final class BadLine extends Exception {

  private final String code;

  /**
   * One reason for one line.
   *
   * @param code a word to count by; from a fixed set, never from the line
   * @param reason a sentence that names the field and what was expected
   */
  BadLine(String code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  String code() {
    return code;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
