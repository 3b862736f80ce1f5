package io.logfold.command.start;

/** The application must not start as it is set up; shown without its stack trace. */
public final class StartRefused extends RuntimeException {

  private final String remedy;

  /**
   * A start that went no further.
   *
   * @param reason what is wrong, a sentence
   * @param remedy what to change, a sentence
   */
  public StartRefused(String reason, String remedy) {
    super(reason + " " + remedy);
    this.remedy = remedy;
  }

  String remedy() {
    return remedy;
  }
}
