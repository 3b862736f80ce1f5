package io.logfold.query.judging;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.query.web.BadParameter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A rule as JSON, read strictly within the limits of {@link RuleDefinition}. Whom it tells is
 * passed over: a preview tells nobody.
 */
final class RuleBody {

  private static final Set<String> FIELDS =
      new TreeSet<>(
          Arrays.stream(RuleDefinition.class.getRecordComponents())
              .map(component -> component.getName())
              .collect(Collectors.toSet()));

  private static final Set<String> SCOPE_FIELDS =
      new TreeSet<>(Set.of("source", "route", "method"));
  private static final int MAX_WINDOW = 1_440;
  private static final int MAX_ESCALATION = 10_080;
  private static final long MAX_REQUESTS = 1_000_000_000_000L;

  private final JsonNode body;

  /**
   * Reads the JSON.
   *
   * @throws BadParameter if it is none, or has a field that there is not
   */
  RuleBody(JsonMapper json, byte[] body) {
    this.body = object(json, body);
    requireKnown("", this.body, FIELDS);
  }

  /**
   * The rule.
   *
   * @throws BadParameter with a sentence about the first field that makes no sense
   */
  RuleDefinition rule() {
    Measure measure = measure();
    double opensAt = threshold("opensAt", measure);
    double closesAt = threshold("closesAt", measure);
    requireSides(measure, opensAt, closesAt);
    return new RuleDefinition(
        required("name", text(body, "name", "name", 100)),
        scope(),
        measure,
        status(measure),
        (int) whole("windowMinutes", 1, MAX_WINDOW),
        opensAt,
        closesAt,
        whole("minimumRequests", 0, MAX_REQUESTS),
        (int) whole("opensAfterMinutes", 1, MAX_WINDOW),
        (int) whole("closesAfterMinutes", 1, MAX_WINDOW),
        body.hasNonNull("escalatesAfterMinutes")
            ? (int) whole("escalatesAfterMinutes", 1, MAX_ESCALATION)
            : null,
        List.of());
  }

  private static JsonNode object(JsonMapper json, byte[] body) {
    try {
      JsonNode read = json.readTree(body);
      if (read != null && read.isObject()) {
        return read;
      }
    } catch (JacksonException e) {
      // Answered below, together with JSON that is no object.
    }
    throw new BadParameter("body", "The body is no JSON object, expected an alert rule.");
  }

  private static void requireKnown(String of, JsonNode object, Set<String> known) {
    for (String name : object.propertyNames()) {
      if (!known.contains(name)) {
        throw new BadParameter(
            "body", "The rule has a field%s that there is not; there are %s.".formatted(of, known));
      }
    }
  }

  private Scope scope() {
    JsonNode scope = body.get("scope");
    if (scope == null || !scope.isObject()) {
      throw new BadParameter(
          "scope", "'scope' is no object, expected source, route and method, each a text or null.");
    }
    requireKnown(" of 'scope'", scope, SCOPE_FIELDS);
    return new Scope(
        text(scope, "source", "scope.source", 64),
        text(scope, "route", "scope.route", 200),
        text(scope, "method", "scope.method", 16));
  }

  private Measure measure() {
    String name = text(body, "measure", "measure", 64);
    for (Measure measure : Measure.values()) {
      if (measure.name().equals(name)) {
        return measure;
      }
    }
    throw new BadParameter(
        "measure", "'measure' is none of %s.".formatted(Arrays.toString(Measure.values())));
  }

  private @Nullable Integer status(Measure measure) {
    if (measure == Measure.STATUS_COUNT) {
      return (int) whole("status", 100, 599);
    }
    if (body.hasNonNull("status")) {
      throw new BadParameter("status", "'status' is only for STATUS_COUNT, expected null.");
    }
    return null;
  }

  private double threshold(String name, Measure measure) {
    double highest =
        measure == Measure.SERVER_ERROR_SHARE || measure == Measure.ERROR_SHARE ? 1 : MAX_REQUESTS;
    JsonNode value = body.get(name);
    if (value != null && value.isNumber()) {
      double number = value.doubleValue();
      if (number >= 0 && number <= highest) {
        return number;
      }
    }
    throw new BadParameter(name, "'%s' is no number from 0 to %s.".formatted(name, (long) highest));
  }

  private static void requireSides(Measure measure, double opensAt, double closesAt) {
    if (measure.opensBelow()) {
      if (closesAt < opensAt) {
        throw new BadParameter(
            "closesAt", "'closesAt' is below 'opensAt', expected it there or above.");
      }
    } else if (closesAt > opensAt) {
      throw new BadParameter(
          "closesAt", "'closesAt' is above 'opensAt', expected it there or below.");
    }
  }

  private long whole(String name, long lowest, long highest) {
    JsonNode value = body.get(name);
    if (value != null && value.isIntegralNumber() && value.canConvertToLong()) {
      long number = value.longValue();
      if (number >= lowest && number <= highest) {
        return number;
      }
    }
    throw new BadParameter(
        name, "'%s' is no whole number from %d to %d.".formatted(name, lowest, highest));
  }

  private static @Nullable String text(JsonNode object, String name, String shown, int maxLength) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    String text = value.isString() ? value.stringValue() : "";
    if (text.isBlank()
        || text.length() > maxLength
        || text.chars().anyMatch(Character::isISOControl)) {
      throw new BadParameter(
          shown,
          "'%s' is no text of 1 to %d characters without control characters."
              .formatted(shown, maxLength));
    }
    return text;
  }

  private static String required(String name, @Nullable String text) {
    if (text == null) {
      throw new BadParameter(name, "'%s' is missing.".formatted(name));
    }
    return text;
  }
}
