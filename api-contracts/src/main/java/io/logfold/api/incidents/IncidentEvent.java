package io.logfold.api.incidents;

import io.logfold.api.alerts.ThresholdEvent;
import java.time.Instant;
import org.axonframework.serialization.Revision;

/**
 * What happened to an incident; the event's own time says when it was noticed, the minutes in it
 * when it was so.
 */
public sealed interface IncidentEvent {

  /** The incident's id, for ever. */
  String incidentId();

  /** It began. */
  @Revision("1")
  record Opened(String incidentId, ThresholdEvent.Crossed crossing) implements IncidentEvent {}

  /** It got worse. */
  @Revision("1")
  record Worsened(String incidentId, ThresholdEvent.Crossed crossing) implements IncidentEvent {}

  /** Somebody looks after it. */
  @Revision("1")
  record Acknowledged(String incidentId, String who, String note) implements IncidentEvent {}

  /**
   * Nobody acknowledged it in time.
   *
   * @param worst the worst crossing so far
   * @param since the minute of the first
   */
  @Revision("1")
  record Escalated(String incidentId, ThresholdEvent.Crossed worst, Instant since)
      implements IncidentEvent {}

  /**
   * It is over.
   *
   * @param worst the worst crossing of all
   * @param since the minute of the first
   * @param until the minute since which it is over
   */
  @Revision("1")
  record Resolved(
      String incidentId,
      ThresholdEvent.Crossed worst,
      Instant since,
      Instant until,
      Resolution resolution)
      implements IncidentEvent {}

  /** It was not over after all. */
  @Revision("1")
  record Reopened(String incidentId, ThresholdEvent.Crossed crossing) implements IncidentEvent {}
}
