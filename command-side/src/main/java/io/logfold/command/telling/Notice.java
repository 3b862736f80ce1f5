package io.logfold.command.telling;

import io.logfold.api.alerts.ThresholdEvent.Crossed;
import io.logfold.api.incidents.IncidentEvent;
import io.logfold.api.incidents.Resolution;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What there is to tell about an incident.
 *
 * @param at when it was noticed
 * @param crossing the numbers: of the beginning, or the worst since
 * @param since the minute of the first crossing
 * @param until the minute since which it is over, or null
 * @param resolution why it is over, or null
 */
record Notice(
    String incidentId,
    Delivery.What what,
    Instant at,
    Crossed crossing,
    Instant since,
    @Nullable Instant until,
    @Nullable Resolution resolution) {

  static Notice opened(IncidentEvent.Opened event, Instant at) {
    return begun(event.incidentId(), Delivery.What.OPENED, at, event.crossing());
  }

  static Notice reopened(IncidentEvent.Reopened event, Instant at) {
    return begun(event.incidentId(), Delivery.What.REOPENED, at, event.crossing());
  }

  private static Notice begun(String incidentId, Delivery.What what, Instant at, Crossed crossing) {
    return new Notice(incidentId, what, at, crossing, crossing.minute(), null, null);
  }

  static Notice escalated(IncidentEvent.Escalated event, Instant at) {
    return new Notice(
        event.incidentId(), Delivery.What.ESCALATED, at, event.worst(), event.since(), null, null);
  }

  static Notice resolved(IncidentEvent.Resolved event, Instant at) {
    return new Notice(
        event.incidentId(),
        Delivery.What.RESOLVED,
        at,
        event.worst(),
        event.since(),
        event.until(),
        event.resolution());
  }
}
