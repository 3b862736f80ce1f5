package io.logfold.api.ledger;

import java.time.Instant;
import java.util.SortedMap;

/**
 * What became of lines on the log: {@code lines = unique + duplicate + keyReused + unreadable + the
 * rejected}, and of every projection {@code unique = folded + passedOver + deadLettered +
 * inFlight}.
 *
 * @param lines lines that the fold has read
 * @param unique seen for the first time
 * @param duplicate seen before: their request was sent again
 * @param keyReused of requests whose key was used before, for another body: they are in no answer
 * @param unreadable records that are no events of this log: they are in no answer
 * @param rejectedByCode lines that the receiver refused, by the reason's code; each once
 * @param projections by name, what became of the unique lines
 * @param asOf when this was so
 */
public record LedgerReport(
    long lines,
    long unique,
    long duplicate,
    long keyReused,
    long unreadable,
    SortedMap<String, Long> rejectedByCode,
    SortedMap<String, Projection> projections,
    Instant asOf) {

  /**
   * A projection's part.
   *
   * @param folded lines that are in its answers
   * @param passedOver lines that its rule leaves out
   * @param deadLettered lines that could not be folded and are kept aside
   * @param inFlight lines that it has still to fold: more than 0 only while it is being rebuilt,
   *     and never less
   */
  public record Projection(long folded, long passedOver, long deadLettered, long inFlight) {}
}
