package io.logfold.query.fold;

import java.time.Instant;
import java.util.Map;

/** Where times are on the log. */
interface LogOffsets {

  /**
   * The offset of the first record that was appended at a time or later, or the end of the
   * partition if there is none yet; by partition, without those that hold nothing.
   */
  Map<Integer, Long> at(Instant time);

  /** The offset of the first record that is still there, or would be; of every partition. */
  Map<Integer, Long> begins();
}
