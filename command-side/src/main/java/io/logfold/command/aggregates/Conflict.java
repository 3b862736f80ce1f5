package io.logfold.command.aggregates;

/** A command that makes sense, but not with the state its aggregate is in. */
public final class Conflict extends RuntimeException {

  private final String code;

  /**
   * A refusal that repeating the command alone will not change.
   *
   * @param code the reason as a word, such as {@code rule-retired}
   * @param sentence the reason for a reader
   */
  public Conflict(String code, String sentence) {
    super(sentence);
    this.code = code;
  }

  String code() {
    return code;
  }
}
