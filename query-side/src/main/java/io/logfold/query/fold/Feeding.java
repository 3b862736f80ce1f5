package io.logfold.query.fold;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Feeds generations apart from the processor that feeds what answers, until they are level. */
public interface Feeding {

  /** Whether it is for a projection. */
  boolean isFor(Projection projection);

  /**
   * Where the topic is to be read from for a generation that begins.
   *
   * @param readFrom an append time, or null for the beginning
   * @return the first offsets, of every partition
   * @throws org.apache.kafka.common.KafkaException if Kafka does not say
   */
  Map<Integer, Long> beginnings(@Nullable Instant readFrom);

  /** Makes what lets a generation be fed, in the caller's transaction. */
  void begin(Fold fold, Map<Integer, Long> firstOffsets);

  /** Ends the feeding of a generation, by whichever process, and forgets where it was. */
  void end(Fold fold);

  /** Records that a generation has yet to fold to be where what answers is; 0 if it is there. */
  long behind(Fold fold);

  /** Starts and stops what the database says, and hands over what is level. */
  void look();
}
