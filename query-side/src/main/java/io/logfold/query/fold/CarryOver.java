package io.logfold.query.fold;

import java.time.Duration;
import java.time.Instant;

/**
 * What a generation takes over from an older one, since the logs it was folded from may be gone:
 * the log that it read began at an offset greater than 0. Both stand at the same offset of the
 * partition, so every row of the older one holds all that the newer one's row would.
 *
 * @param from the older generation's number
 * @param to the newer generation's number
 * @param part the partition
 * @param firstOffset the first offset that the newer generation read
 * @param firstAppended when that record was appended; {@link Instant#MAX} if none was read
 */
public record CarryOver(int from, int to, int part, long firstOffset, Instant firstAppended) {

  /** No log says that it is from further in the future than 5 min; clocks differ too. */
  private static final Duration MOST_EARLY = Duration.ofMinutes(10);

  /** Times that unread logs may have: those before. Later ones were read, all of them. */
  public Instant until() {
    return firstAppended.equals(Instant.MAX)
        ? Instant.parse("9999-12-31T00:00:00Z")
        : firstAppended.plus(MOST_EARLY);
  }
}
