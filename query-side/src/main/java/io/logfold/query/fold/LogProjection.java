package io.logfold.query.fold;

import io.logfold.api.AccessLog;
import java.util.List;

/**
 * A read model folded from the event log. All of them ride one processor, {@link LogFold}: it calls
 * {@link #fold} in the transaction that also moves the fold's position, so a projection never sees
 * a log twice and need not check.
 *
 * <p>State kept in memory between calls must be droppable: {@link #forget} is called whenever it
 * may differ from the tables.
 */
public interface LogProjection extends Projection {

  @Override
  default String processor() {
    return LogFold.PROCESSOR;
  }

  /** Whether its rule takes a log; what it passes over is accounted for as such. */
  default boolean takes(AccessLog log) {
    return true;
  }

  /**
   * Takes in logs, inside a transaction.
   *
   * @param generation which generation of the tables to write
   * @param logs each log once, those of a partition in log order and one partition after the other;
   *     never empty, and all of them taken by the rule
   */
  void fold(int generation, List<ReceivedLog> logs);

  /** Drops what is remembered of a partition: a transaction failed or another process wrote. */
  void forget(int part);
}
