package io.logfold.api.incidents;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An incident as it stands.
 *
 * @param ruleName as it was when the incident opened
 * @param since the minute of the first crossing
 * @param until the minute since which it is over, or null while it is open
 * @param opensAt the threshold, in the measure's unit
 * @param worst the worst value, in the measure's unit
 * @param acknowledgedBy who looks after it, or null
 */
public record IncidentReport(
    String incidentId,
    String ruleId,
    String ruleName,
    Scope scope,
    Measure measure,
    State state,
    Instant since,
    @Nullable Instant until,
    double opensAt,
    double worst,
    @Nullable String acknowledgedBy) {

  /** What an incident can be. */
  public enum State {
    /** Nobody looks after it yet. */
    OPEN,
    /** Somebody does. */
    ACKNOWLEDGED,
    /** It is over. */
    RESOLVED
  }
}
