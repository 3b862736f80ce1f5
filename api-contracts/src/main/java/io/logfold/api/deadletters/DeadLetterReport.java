package io.logfold.api.deadletters;

import java.time.Instant;

/**
 * A record of the event log that was kept aside: it cannot be read, or a projection could not fold
 * it.
 *
 * @param projection who could not fold it; {@code requests} if it cannot be read
 * @param generation the build of that projection
 * @param part Kafka partition
 * @param offset offset in the partition
 * @param appended when the broker appended it
 * @param size bytes of its value
 * @param error what was wrong with it
 * @param state what became of it
 * @param parkedAt when it was kept aside
 * @param changedAt when it came into its state
 */
public record DeadLetterReport(
    long id,
    String projection,
    int generation,
    String topic,
    int part,
    long offset,
    Instant appended,
    long size,
    String error,
    State state,
    Instant parkedAt,
    Instant changedAt) {

  /** What became of it. */
  public enum State {
    /** It is in none of the answers that it should be in. */
    PARKED,
    /** It was folded after all. */
    RETRIED,
    /** Somebody decided that it is not missed. */
    DISCARDED
  }
}
