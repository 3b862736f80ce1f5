package io.logfold.api.incidents;

import io.logfold.api.alerts.ThresholdEvent;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What can be asked of an incident. A repeated command changes nothing and is no error. */
public sealed interface IncidentCommand {

  /** The incident's id. */
  String incidentId();

  /** Begin one. */
  record Open(@TargetAggregateIdentifier String incidentId, ThresholdEvent.Crossed crossing)
      implements IncidentCommand {}

  /** The measure got worse while it is open. */
  record Worsen(@TargetAggregateIdentifier String incidentId, ThresholdEvent.Crossed crossing)
      implements IncidentCommand {}

  /**
   * Somebody looks after it.
   *
   * @param who 1 to 100 characters
   * @param note 0 to 1,000 characters
   */
  record Acknowledge(@TargetAggregateIdentifier String incidentId, String who, String note)
      implements IncidentCommand {}

  /** Nobody acknowledged it in time. */
  record Escalate(@TargetAggregateIdentifier String incidentId) implements IncidentCommand {}

  /**
   * It is over.
   *
   * @param until the minute since which it is
   */
  record Resolve(@TargetAggregateIdentifier String incidentId, Instant until, Resolution resolution)
      implements IncidentCommand {}

  /** It was not over: the threshold is crossed again within the cool-down. */
  record Reopen(@TargetAggregateIdentifier String incidentId, ThresholdEvent.Crossed crossing)
      implements IncidentCommand {}
}
