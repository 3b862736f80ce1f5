package io.logfold.query.fold;

/**
 * A read model that can be emptied and folded anew. It is a fold of the event log, {@link
 * LogProjection}, or of another topic.
 */
public interface Projection {

  /** Its name in positions, generations, cache names and metrics, such as {@code error-log}. */
  String name();

  /** Raised by a release whose code folds the same events into other rows. */
  int version();

  /** The settings that decide what is folded, as text: another rule needs a rebuild. */
  String rule();

  /** The event processor that it rides on. */
  String processor();

  /** Empties a generation's tables. */
  void clear(int generation);

  /** What differs between the rows of two generations, of one moment, inside a transaction. */
  GenerationDiff compare(int before, int after);
}
