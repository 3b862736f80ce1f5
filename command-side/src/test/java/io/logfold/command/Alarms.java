package io.logfold.command;

import io.logfold.api.alerts.Evidence;
import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.Target;
import io.logfold.api.alerts.ThresholdEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rule, and what is found by it, that tests speak of. */
public final class Alarms {

  public static final String RULE_ID = "checkout-fails";
  public static final Scope SHOP = new Scope("shop", null, null);
  public static final Instant TEN = Instant.parse("2025-06-10T10:00:00Z");

  private Alarms() {}

  /** Opens at 5 % of 5xx, escalates after 15 minutes. */
  public static RuleDefinition rule() {
    return rule("Checkout fails", Measure.SERVER_ERROR_SHARE, 15);
  }

  public static RuleDefinition rule(String name, Measure measure, @Nullable Integer escalates) {
    boolean below = measure.opensBelow();
    return new RuleDefinition(
        name,
        new Scope(Scope.EACH, null, null),
        measure,
        null,
        5,
        0.05,
        below ? 0.08 : 0.02,
        100,
        2,
        5,
        escalates,
        List.of(new Target(Target.Kind.WEBHOOK, "https://hooks.example.org/logfold")));
  }

  /** So many minutes after ten o'clock. */
  public static Instant minute(int minute) {
    return TEN.plus(minute, ChronoUnit.MINUTES);
  }

  public static ThresholdEvent.Crossed crossed(int minute, double value) {
    return crossed(rule(), minute, value);
  }

  public static ThresholdEvent.Crossed crossed(RuleDefinition rule, int minute, double value) {
    return new ThresholdEvent.Crossed(
        RULE_ID, rule, SHOP, minute(minute), value, 1200, Evidence.NONE);
  }

  public static ThresholdEvent.Cleared cleared(int minute) {
    return new ThresholdEvent.Cleared(RULE_ID, SHOP, minute(minute), 0.01, 1100);
  }

  /** The id of the incident that the crossing opens. */
  public static String incidentOf(ThresholdEvent.Crossed crossing) {
    return UUID.nameUUIDFromBytes(crossing.id().getBytes(StandardCharsets.UTF_8)).toString();
  }
}
