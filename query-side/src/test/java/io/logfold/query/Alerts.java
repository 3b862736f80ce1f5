package io.logfold.query;

import io.logfold.api.alerts.Evidence;
import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.Target;
import io.logfold.api.alerts.ThresholdEvent.Crossed;
import java.time.Instant;
import java.util.List;

/** Alert rules and crossings for tests. */
public final class Alerts {

  /** The minute of the first crossing. */
  public static final Instant MINUTE = Instant.parse("2026-11-24T10:41:00Z");

  /** One with every field. */
  public static final RuleDefinition CHECKOUT_FAILS =
      new RuleDefinition(
          "Checkout fails",
          new Scope("shop", "/orders/{id}", Scope.EACH),
          Measure.SERVER_ERROR_SHARE,
          null,
          5,
          0.05,
          0.02,
          100,
          2,
          5,
          15,
          List.of(new Target(Target.Kind.WEBHOOK, "https://hooks.example.org/logfold")));

  /** One with as few fields as may be; it opens below its threshold. */
  public static final RuleDefinition TOO_QUIET =
      new RuleDefinition(
          "Too quiet ☹",
          Scope.ALL,
          Measure.REQUESTS_PER_MINUTE_BELOW,
          null,
          1,
          10,
          20,
          0,
          1,
          1,
          null,
          List.of());

  /** When tests ask. */
  public static final Instant NOW = MINUTE.plusSeconds(160);

  private Alerts() {}

  /** The rule {@code checkout-fails} found so many errors. */
  public static Crossed checkoutFails(Instant minute, double share) {
    return new Crossed(
        "checkout-fails",
        CHECKOUT_FAILS,
        new Scope("shop", "/orders/{id}", "POST"),
        minute,
        share,
        1_200,
        Evidence.NONE);
  }

  /** The rule {@code too-quiet} found so few requests. */
  public static Crossed tooQuiet(Instant minute, double requestsPerMinute) {
    return new Crossed(
        "too-quiet", TOO_QUIET, Scope.ALL, minute, requestsPerMinute, 3, Evidence.NONE);
  }
}
