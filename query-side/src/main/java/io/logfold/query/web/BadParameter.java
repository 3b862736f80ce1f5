package io.logfold.query.web;

/** A parameter that makes no sense; its message is for the client and says what was expected. */
public class BadParameter extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String parameter;

  /**
   * Refuses a parameter.
   *
   * @param parameter its name
   * @param sentence names it too, and says what was expected
   */
  public BadParameter(String parameter, String sentence) {
    super(sentence);
    this.parameter = parameter;
  }

  String parameter() {
    return parameter;
  }
}
