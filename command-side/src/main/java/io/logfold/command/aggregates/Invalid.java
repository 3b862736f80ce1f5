package io.logfold.command.aggregates;

import java.util.List;

/** A command that asks for what cannot be, whatever the state of its aggregate. */
public final class Invalid extends RuntimeException {

  private final List<Mistake> mistakes;

  /** A refusal that names every mistake; there must be one. */
  public Invalid(List<Mistake> mistakes) {
    super(mistakes.get(0).reason());
    this.mistakes = List.copyOf(mistakes);
  }

  /** All of them, in the order of the fields. */
  public List<Mistake> mistakes() {
    return mistakes;
  }

  /**
   * One mistake.
   *
   * @param field where it is, such as {@code tell[2].url}
   * @param reason a sentence that names the field and says what was expected
   */
  public record Mistake(String field, String reason) {}
}
