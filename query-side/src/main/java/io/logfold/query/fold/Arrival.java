package io.logfold.query.fold;

import io.logfold.api.ingest.LogsRejected;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A record of the log, as the fold takes it in. */
sealed interface Arrival permits ReceivedLog, Arrival.Rejection, Arrival.Unreadable {

  /** Where no sender says what it is, as for a record that cannot be read. */
  String UNKNOWN_SOURCE = "(unknown)";

  /** Kafka partition. */
  int part();

  /** Offset in the partition. */
  long offset();

  /** When the broker appended it. */
  Instant appended();

  /** Who sent the lines it stands for. */
  String source();

  /** How many lines of a request it stands for. */
  long lines();

  /** The request that brought it, or null if nobody knows. */
  @Nullable String request();

  /** Hash of that request's body, or null if unknown. */
  @Nullable String body();

  /**
   * Which line of the request it is, so that a repeat is known; from 1, 0 for the rejected ones.
   */
  int line();

  /** Lines of a request that were refused: nothing to fold, but accounted for. */
  record Rejection(int part, long offset, Instant appended, LogsRejected event) implements Arrival {

    @Override
    public String source() {
      return event.source();
    }

    @Override
    public long lines() {
      return event.countByCode().values().stream().mapToLong(Integer::longValue).sum();
    }

    @Override
    public String request() {
      return event.request();
    }

    @Override
    public @Nullable String body() {
      return event.body();
    }

    @Override
    public int line() {
      return 0;
    }
  }

  /**
   * No event of ours, or a broken one. It arrives like one, so that no offset is passed over
   * unseen.
   *
   * @param reason what is wrong with it
   * @param record as it stands on the log
   */
  record Unreadable(
      int part, long offset, Instant appended, String reason, ConsumerRecord<String, byte[]> record)
      implements Arrival {

    @Override
    public String source() {
      return UNKNOWN_SOURCE;
    }

    @Override
    public long lines() {
      return 1;
    }

    @Override
    public @Nullable String request() {
      return null;
    }

    @Override
    public @Nullable String body() {
      return null;
    }

    @Override
    public int line() {
      return 0;
    }
  }
}
