package io.logfold.query.judging;

/**
 * How a rule stands towards a scope.
 *
 * @param open whether a crossing was told and no clearing yet
 * @param inARow how many minutes in a row said that it should open, or close while it is open
 * @param worst the worst value told while it is open, in the measure's unit; else 0
 */
record ScopeState(boolean open, int inARow, double worst) {

  /** Nothing is wrong and nothing was: what needs no memory. */
  static final ScopeState CALM = new ScopeState(false, 0, 0);

  static ScopeState opening(int inARow) {
    return new ScopeState(false, inARow, 0);
  }

  static ScopeState open(double worst) {
    return new ScopeState(true, 0, worst);
  }

  ScopeState closing(int closesInARow) {
    return new ScopeState(true, closesInARow, worst);
  }

  /** The row of minutes is broken. */
  ScopeState anew() {
    return open ? open(worst) : CALM;
  }

  boolean isCalm() {
    return equals(CALM);
  }
}
