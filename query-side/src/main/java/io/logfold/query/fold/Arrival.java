package io.logfold.query.fold;

import io.logfold.api.ingest.LogsRejected;
import java.time.Instant;
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

  /** Lines of a request that were refused: nothing to fold, but accounted for. */
  record Rejection(int part, long offset, Instant appended, LogsRejected event) implements Arrival {

    /** Stands beside the lines of its request, which begin at 1. */
    static final int LINE = 0;

    @Override
    public String source() {
      return event.source();
    }

    @Override
    public long lines() {
      return event.countByCode().values().stream().mapToLong(Integer::longValue).sum();
    }
  }

  /** No event of ours, or a broken one. */
  record Unreadable(int part, long offset, Instant appended, String reason) implements Arrival {

    @Override
    public String source() {
      return UNKNOWN_SOURCE;
    }

    @Override
    public long lines() {
      return 1;
    }
  }

  /** The request that brought it, or null if nobody knows. */
  static @Nullable String requestOf(Arrival arrival) {
    if (arrival instanceof ReceivedLog log) {
      return log.event().request();
    }
    return arrival instanceof Rejection rejection ? rejection.event().request() : null;
  }
}
