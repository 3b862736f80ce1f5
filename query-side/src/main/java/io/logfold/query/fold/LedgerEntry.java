package io.logfold.query.fold;

import java.util.Locale;
import java.util.Optional;

/** What became of a line on the log. */
public enum LedgerEntry {
  /** Seen for the first time. */
  UNIQUE,
  /** Seen before: its request was sent again. */
  DUPLICATE,
  /** Of a request whose key was used before, for another body. */
  KEY_REUSED,
  /** Of a record that is no event of ours. */
  UNREADABLE,
  /** A unique line that a projection folded. */
  FOLDED,
  /** A unique line that a projection's rule passes over. */
  PASSED_OVER,
  /** A unique line that a projection could not fold; its record is kept aside. */
  DEAD_LETTERED;

  /** The name of a rejected line's entry begins so; its code follows. */
  static final String REJECTED = "rejected:";

  /** As the table and the metrics spell it, such as {@code key-reused}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The code of a rejected line's entry; empty for every other. */
  public static Optional<String> rejectedCode(String entry) {
    return entry.startsWith(REJECTED)
        ? Optional.of(entry.substring(REJECTED.length()))
        : Optional.empty();
  }
}
