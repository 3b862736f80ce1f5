package io.logfold.query.fold;

import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** What a transaction adds to the ledger. Not thread-safe. */
final class LedgerSheet {

  private static final long MINUTE_MILLIS = 60_000;

  private final Map<Heading, Tally> tallies = new HashMap<>();
  private @Nullable Heading lastHeading;
  private @Nullable Tally lastTally;

  /**
   * Which lines are counted together.
   *
   * @param fold who counts
   * @param part the partition they came through
   * @param minute beginning of the minute of append time, epoch milliseconds
   * @param source who sent them
   */
  record Heading(Fold fold, int part, long minute, String source) {

    boolean is(Fold otherFold, int otherPart, long otherMinute, String otherSource) {
      return part == otherPart
          && minute == otherMinute
          && source.equals(otherSource)
          && fold.equals(otherFold);
    }

    Instant bucket() {
      return Instant.ofEpochMilli(minute);
    }
  }

  /** Counts the lines of a record. Neighbours mostly share a heading, so the last is at hand. */
  void add(Fold fold, Arrival arrival, LedgerEntry entry) {
    tally(fold, arrival).add(entry, arrival.lines());
  }

  /** Corrects what the lines of a record were counted as. */
  void move(Fold fold, Arrival arrival, LedgerEntry from, LedgerEntry to) {
    Tally tally = tally(fold, arrival);
    tally.add(from, -arrival.lines());
    tally.add(to, arrival.lines());
  }

  /** Counts rejected lines by their codes. */
  void addRejected(Fold fold, Arrival.Rejection rejection) {
    Tally tally = tally(fold, rejection);
    rejection
        .event()
        .countByCode()
        .forEach(
            (code, lines) ->
                tally.rejected.merge(LedgerEntry.REJECTED + code, lines.longValue(), Long::sum));
  }

  Map<Heading, Tally> tallies() {
    return tallies;
  }

  private Tally tally(Fold fold, Arrival arrival) {
    long millis = arrival.appended().toEpochMilli();
    long minute = millis - Math.floorMod(millis, MINUTE_MILLIS);
    Heading last = lastHeading;
    Tally known = lastTally;
    if (last != null && known != null && last.is(fold, arrival.part(), minute, arrival.source())) {
      return known;
    }
    Heading heading = new Heading(fold, arrival.part(), minute, arrival.source());
    Tally tally = tallies.computeIfAbsent(heading, key -> new Tally());
    lastHeading = heading;
    lastTally = tally;
    return tally;
  }

  /** Lines by entry. */
  static final class Tally {

    private final Map<LedgerEntry, long[]> counts = new EnumMap<>(LedgerEntry.class);
    private final TreeMap<String, Long> rejected = new TreeMap<>();

    private void add(LedgerEntry entry, long lines) {
      counts.computeIfAbsent(entry, key -> new long[1])[0] += lines;
    }

    /** Every entry that has lines, with their number. */
    void forEach(ObjLongConsumer<String> action) {
      counts.forEach(
          (entry, lines) -> {
            if (lines[0] != 0) {
              action.accept(entry.text(), lines[0]);
            }
          });
      rejected.forEach(action::accept);
    }
  }
}
