package io.logfold.command.alertrules;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.Target;
import io.logfold.command.aggregates.Invalid;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a rule may be. Every mistake is found, not only the first. Not thread-safe; one a rule. */
final class RuleLimits {

  /** Ids, and nothing that looks like an incident's: all aggregates share one space of ids. */
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");

  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z0-9_-]*");

  private static final int MAX_NAME = 100;
  private static final int MAX_SOURCE = 64;
  private static final int MAX_ROUTE = 200;
  private static final int MAX_METHOD = 16;
  private static final int MAX_TARGETS = 10;
  private static final int MAX_URL = 2_000;
  private static final int DAY_IN_MINUTES = 1_440;
  private static final int WEEK_IN_MINUTES = 10_080;

  private final List<Invalid.Mistake> mistakes = new ArrayList<>();

  private RuleLimits() {}

  /**
   * Whether the rule may be as it is.
   *
   * @throws Invalid with every mistake, if there is one
   */
  static void check(String ruleId, RuleDefinition rule) {
    List<Invalid.Mistake> mistakes = mistakesIn(ruleId, rule);
    if (!mistakes.isEmpty()) {
      throw new Invalid(mistakes);
    }
  }

  /** Every mistake, in the order of the fields. */
  static List<Invalid.Mistake> mistakesIn(String ruleId, RuleDefinition rule) {
    RuleLimits limits = new RuleLimits();
    limits.id(ruleId);
    limits.text("name", rule.name(), MAX_NAME);
    limits.scope(rule.scope());
    limits.status(rule.measure(), rule.status());
    limits.range("windowMinutes", rule.windowMinutes(), 1, DAY_IN_MINUTES);
    limits.thresholds(rule);
    limits.atLeastZero("minimumRequests", rule.minimumRequests());
    limits.range("opensAfterMinutes", rule.opensAfterMinutes(), 1, DAY_IN_MINUTES);
    limits.range("closesAfterMinutes", rule.closesAfterMinutes(), 1, DAY_IN_MINUTES);
    if (rule.escalatesAfterMinutes() != null) {
      limits.range("escalatesAfterMinutes", rule.escalatesAfterMinutes(), 1, WEEK_IN_MINUTES);
    }
    limits.targets(rule.tell());
    return limits.mistakes;
  }

  /** Whether an alert rule can have this id. */
  static boolean isId(String id) {
    return ID.matcher(id).matches() && !UUID.matcher(id).matches();
  }

  private void id(String id) {
    if (!ID.matcher(id).matches()) {
      add("id", "id is to be 1 to 64 of a-z, 0-9 and '-'.");
    } else if (UUID.matcher(id).matches()) {
      add("id", "id looks like an incident's; choose one that is no UUID.");
    }
  }

  private void scope(Scope scope) {
    part("scope.source", scope.source(), MAX_SOURCE);
    part("scope.route", scope.route(), MAX_ROUTE);
    part("scope.method", scope.method(), MAX_METHOD);
    String method = scope.method();
    if (method != null && !method.equals(Scope.EACH) && !METHOD.matcher(method).matches()) {
      add("scope.method", "scope.method is to be an HTTP method in upper case, '*' or null.");
    }
  }

  private void part(String field, @Nullable String value, int max) {
    if (value != null) {
      text(field, value, max);
    }
  }

  private void status(Measure measure, @Nullable Integer status) {
    if (measure != Measure.STATUS_COUNT) {
      if (status != null) {
        add("status", "status goes with the measure STATUS_COUNT only; leave it out.");
      }
    } else if (status == null) {
      add("status", "status is missing: STATUS_COUNT counts one, 100 to 599.");
    } else {
      range("status", status, 100, 599);
    }
  }

  private void thresholds(RuleDefinition rule) {
    boolean opens = threshold("opensAt", rule.opensAt(), rule.measure());
    boolean closes = threshold("closesAt", rule.closesAt(), rule.measure());
    if (!opens || !closes) {
      return;
    }
    if (rule.measure().opensBelow() && rule.closesAt() < rule.opensAt()) {
      add("closesAt", "closesAt is to be opensAt or more: the rule opens below opensAt.");
    } else if (!rule.measure().opensBelow() && rule.closesAt() > rule.opensAt()) {
      add("closesAt", "closesAt is to be opensAt or less: the rule opens above opensAt.");
    }
  }

  private boolean threshold(String field, double value, Measure measure) {
    double most =
        switch (measure) {
          case SERVER_ERROR_SHARE, ERROR_SHARE -> 1;
          default -> Double.MAX_VALUE;
        };
    // Written so that NaN is out of range too.
    if (value >= 0 && value <= most) {
      return true;
    }
    add(
        field,
        most == 1
            ? "%s is to be a share, 0 to 1: %s measures one.".formatted(field, measure)
            : "%s is to be 0 or more, and finite.".formatted(field));
    return false;
  }

  private void targets(List<Target> targets) {
    if (targets.size() > MAX_TARGETS) {
      add("tell", "tell is to hold at most %d targets.".formatted(MAX_TARGETS));
      return;
    }
    for (int i = 0; i < targets.size(); i++) {
      url("tell[%d].url".formatted(i), targets.get(i).url());
    }
  }

  private void url(String field, String url) {
    if (url.length() > MAX_URL) {
      add(field, "%s is longer than %d characters.".formatted(field, MAX_URL));
    } else if (!isHttp(url)) {
      add(field, "%s is to be a URL with http or https and a host.".formatted(field));
    }
  }

  private static boolean isHttp(String url) {
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme();
      return uri.getHost() != null
          && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private void text(String field, String value, int max) {
    if (value.isBlank() || value.length() > max) {
      add(field, "%s is to be 1 to %d characters, not all of them blank.".formatted(field, max));
    } else if (value.codePoints().anyMatch(RuleLimits::isUnprintable)) {
      add(field, "%s holds a control character or half a surrogate pair.".formatted(field));
    }
  }

  private static boolean isUnprintable(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }

  private void range(String field, int value, int from, int to) {
    if (value < from || value > to) {
      add(field, "%s is %d, expected %d to %d.".formatted(field, value, from, to));
    }
  }

  private void atLeastZero(String field, long value) {
    if (value < 0) {
      add(field, "%s is %d, expected 0 or more.".formatted(field, value));
    }
  }

  private void add(String field, String reason) {
    mistakes.add(new Invalid.Mistake(field, reason));
  }
}
