package io.logfold.query.fold;

import java.util.Map;
import java.util.function.Supplier;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.StreamableMessageSource;

/** Reads some partitions of the log, beside the fold. */
@FunctionalInterface
interface FeedSource {

  /**
   * A source whose streams begin at positions, whatever token they are opened with: the positions
   * are the truth, and a token may be older.
   *
   * @param nextOffsets by partition, asked for each time a stream is opened; no other partition is
   *     read
   * @param readAhead bounds what is delivered and not folded yet
   */
  StreamableMessageSource<TrackedEventMessage<?>> from(
      Supplier<Map<Integer, Long>> nextOffsets, ReadAhead readAhead);
}
