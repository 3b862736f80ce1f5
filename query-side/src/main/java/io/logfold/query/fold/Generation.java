package io.logfold.query.fold;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One build of a projection's tables: under which rule its rows are folded, and what has become of
 * it.
 *
 * @param fold the projection's name and the generation's number, from 1
 * @param version the projection's, when the build began
 * @param rule the projection's, when the build began
 * @param note what whoever asked for it wrote
 * @param begun when the build began
 * @param changed when it came into its state
 * @param readFrom the append time from which the log is read, or null for all of it
 * @param switching when it takes the live one's place
 * @param replaced the number of the one whose place it took, or null
 * @param keptUntil when its rows are dropped, or null if nobody knows yet
 * @param fedUntil if not null, nobody feeds it but a process of its own release, or none: its rows
 *     hold what was on the log then
 * @param reason why it failed, or does not switch by itself
 * @param dropped whether its rows are gone
 */
public record Generation(
    Fold fold,
    int version,
    String rule,
    State state,
    @Nullable String note,
    Instant begun,
    Instant changed,
    @Nullable Instant readFrom,
    Switching switching,
    @Nullable Integer replaced,
    @Nullable Instant keptUntil,
    @Nullable Instant fedUntil,
    @Nullable String reason,
    boolean dropped) {

  /** What has become of a generation. */
  public enum State {
    /** It is being folded, and nobody is answered from it. */
    BUILDING,
    /** It stands where the fold stands, and waits to be switched to. */
    READY,
    /** Readers are answered from it. */
    LIVE,
    /** Another took its place; it can have it back. */
    KEPT,
    /** It had been switched to, and gave the place back. */
    ROLLED_BACK,
    /** Somebody did not want it. */
    CANCELLED,
    /** It cannot be built. */
    FAILED
  }

  /** When a generation takes the live one's place. */
  public enum Switching {
    /** When somebody says so. */
    BY_HAND,
    /** As soon as it stands where the fold stands. */
    WHEN_READY,
    /** As soon as it stands there, if nothing differs. */
    WHEN_EQUAL
  }

  /** Whether its rows are written. */
  public boolean isFed() {
    return !dropped && state != State.CANCELLED && state != State.FAILED;
  }

  /** Whether its rows are there to go back to: nobody drops them yet. */
  boolean isKeptAt(Instant now) {
    return state == State.KEPT && !dropped && (keptUntil == null || now.isBefore(keptUntil));
  }

  /** Whether a projection as it is would fold the same rows. */
  public boolean isBuiltLike(Projection projection) {
    return version == projection.version() && rule.equals(projection.rule());
  }
}
