package io.logfold.query.replay;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a replay is.
 *
 * @param id such as {@code stats-2}
 * @param state see {@link State}
 * @param note what whoever asked for it wrote
 * @param begun when it began
 * @param changed when it came into its state
 * @param from the append time from which the log is read; the rest is carried over
 * @param switching when the new rows answer: {@code by-hand}, {@code when-ready}, {@code
 *     when-equal}
 * @param folded records that were read
 * @param toFold records to read in all, as of now
 * @param percent 0 to 100
 * @param logsPerSecond lately, or null if nothing is being read
 * @param secondsLeft at that speed, or null
 * @param partitions where it is on each partition of the log
 * @param keptUntil when its rows are dropped, if another took their place
 * @param reason why it failed, or does not switch by itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReplayReport(
    String id,
    String projection,
    State state,
    @Nullable String note,
    Instant begun,
    Instant changed,
    @Nullable Instant from,
    String switching,
    long folded,
    long toFold,
    double percent,
    @Nullable Long logsPerSecond,
    @Nullable Long secondsLeft,
    List<Partition> partitions,
    @Nullable Instant keptUntil,
    @Nullable String reason) {

  /** What has become of a replay. */
  enum State {
    /** The log is being read. */
    BUILDING,
    /** Nearly all is read. */
    CATCHING_UP,
    /** Its rows stand where those that answer stand, and go on with them. */
    READY,
    /** Its rows answer, or did until a later replay took their place. */
    SWITCHED,
    /** Its rows answered, until the older ones were asked back. */
    ROLLED_BACK,
    /** Nobody wanted it. */
    CANCELLED,
    /** It cannot be built; the reason says why. */
    FAILED;

    /** As it is written in JSON, such as {@code catching-up}. */
    @JsonValue
    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether nothing more happens without somebody's doing. */
    boolean isSettled() {
      return this != BUILDING && this != CATCHING_UP;
    }
  }

  /**
   * Where it is on a partition of the log.
   *
   * @param from the first offset it reads
   * @param position the next offset to read
   * @param end where what answers is
   */
  record Partition(int partition, long from, long position, long end) {}
}
