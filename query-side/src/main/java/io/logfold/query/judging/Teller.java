package io.logfold.query.judging;

import java.util.List;
import org.axonframework.eventhandling.EventMessage;

/** Who is told what was found. */
@FunctionalInterface
interface Teller {

  /**
   * Tells events, in order, and returns when they are stored for good.
   *
   * @throws RuntimeException if they may not be: tell them again, all of them
   */
  void tell(List<EventMessage<?>> events);
}
