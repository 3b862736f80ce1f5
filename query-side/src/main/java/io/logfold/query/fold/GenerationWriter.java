package io.logfold.query.fold;

import io.logfold.api.AccessLog;
import java.util.List;

/**
 * Folds logs into one generation of a projection's tables, under the rule of that generation. Its
 * calls are inside the transaction that also moves the generation's position, so it never sees a
 * log twice and need not check.
 *
 * <p>State kept in memory between calls must be droppable: {@link #forget} is called whenever it
 * may differ from the tables. A partition is folded by one thread at a time.
 */
public interface GenerationWriter {

  /** Whether the rule takes a log; what it passes over is accounted for as such. */
  default boolean takes(AccessLog log) {
    return true;
  }

  /**
   * Takes in logs. Where it fails for the sake of a log, what it wrote is undone, and logs come
   * again in parts, until those it fails for are found: see {@link CarefulFold}.
   *
   * @param logs each log once, those of a partition in log order and one partition after the other;
   *     never empty, and all of them taken by the rule
   */
  void fold(List<ReceivedLog> logs);

  /** Drops what is remembered of a partition: a transaction failed or another process wrote. */
  void forget(int part);
}
