package io.logfold.api.incidents;

/** Why an incident ended. */
public enum Resolution {
  /** The closing threshold held for long enough. */
  CLEARED,
  /** The rule was paused. */
  RULE_PAUSED,
  /** The rule was retired. */
  RULE_RETIRED
}
