package io.logfold.api.incidents;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link FindIncident}.
 *
 * @param timeline everything that happened to it, oldest first
 */
public record IncidentHistory(IncidentReport incident, List<Entry> timeline) {

  /** What can happen to an incident; the names of its events. */
  public enum What {
    OPENED,
    WORSENED,
    ACKNOWLEDGED,
    ESCALATED,
    RESOLVED,
    REOPENED
  }

  /**
   * One thing that happened.
   *
   * @param sequence its number in the incident, from 0
   * @param at when it was noticed
   * @param minute the minute of the logs that it is about, or null if it is about none
   * @param value the measure then, in its unit, or null
   * @param who somebody who did it, or null
   * @param text a note or a reason, or null
   */
  public record Entry(
      long sequence,
      Instant at,
      What what,
      @Nullable Instant minute,
      @Nullable Double value,
      @Nullable String who,
      @Nullable String text) {}
}
