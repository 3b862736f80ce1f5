package io.logfold.command.telling;

import io.logfold.api.AccessLog;
import io.logfold.api.alerts.Evidence;
import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.Target;
import io.logfold.api.alerts.ThresholdEvent.Crossed;
import io.logfold.api.incidents.IncidentEvent;
import io.logfold.api.incidents.Resolution;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An outage of a shop's orders on a summer morning, and what was told about it. */
final class Incidents {

  static final Instant MINUTE = Instant.parse("2025-06-10T10:41:00Z");
  static final Instant NOTICED = Instant.parse("2025-06-10T10:42:10Z");
  static final Scope ORDERS = new Scope("shop", "/orders/{id}", "POST");
  private static final Instant OVER = Instant.parse("2025-06-10T10:55:00Z");

  private Incidents() {}

  static Target webhook(String url) {
    return new Target(Target.Kind.WEBHOOK, url);
  }

  static RuleDefinition rule(
      String name, Measure measure, @Nullable Integer status, double opensAt, List<Target> tell) {
    return new RuleDefinition(
        name, ORDERS, measure, status, 5, opensAt, opensAt, 100, 2, 5, 15, tell);
  }

  static Crossed crossed(RuleDefinition rule, Scope scope, double value, Evidence evidence) {
    return new Crossed("checkout-fails", rule, scope, MINUTE, value, 1200, evidence);
  }

  static Crossed crossed(Target... targets) {
    return crossed(
        rule("Checkout fails", Measure.SERVER_ERROR_SHARE, null, 0.05, List.of(targets)),
        ORDERS,
        0.31,
        evidence("/orders/7"));
  }

  static Evidence evidence(String path) {
    return new Evidence(
        List.of(new Evidence.Count("/orders/{id}", 372)),
        List.of(new Evidence.Count("503", 300), new Evidence.Count("500", 72)),
        List.of(new Evidence.Count("184.116.4.244", 12)),
        List.of(
            new AccessLog(
                MINUTE,
                "184.116.4.244",
                "POST",
                path,
                503,
                971_250,
                "shop",
                null,
                "curl/8.5.0",
                null,
                null,
                null,
                "/orders/{id}",
                null)));
  }

  static IncidentEvent.Opened opened(String id, Target... targets) {
    return new IncidentEvent.Opened(id, crossed(targets));
  }

  static IncidentEvent.Reopened reopened(String id, Target... targets) {
    return new IncidentEvent.Reopened(id, crossed(targets));
  }

  static IncidentEvent.Escalated escalated(String id, Target... targets) {
    return new IncidentEvent.Escalated(id, crossed(targets), MINUTE);
  }

  static IncidentEvent.Resolved resolved(String id, Target... targets) {
    return new IncidentEvent.Resolved(id, crossed(targets), MINUTE, OVER, Resolution.CLEARED);
  }
}
