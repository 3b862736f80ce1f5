package io.logfold.query.judging;

import io.logfold.query.routes.RouteTable;
import java.time.Instant;

/** Where windows get the rows of minutes from. */
@FunctionalInterface
interface MinuteRows {

  /**
   * Reads the rows of some minutes, oldest first, each once.
   *
   * @param until exclusive
   */
  void read(Instant from, Instant until, RouteTable.RouteReader reader);
}
