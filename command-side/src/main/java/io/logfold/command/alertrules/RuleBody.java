package io.logfold.command.alertrules;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.Target;
import io.logfold.command.aggregates.Invalid;
import io.logfold.command.aggregates.JsonFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody sent as a rule. What may be left out is: the scope (everything), the minimum of
 * requests (0), how long it must hold (1 minute), when it escalates (never), and who is told
 * (nobody).
 *
 * @param id as sent, or null
 */
record RuleBody(@Nullable String id, RuleDefinition rule) {

  /** Stands for an id that is none yet, or stands in the path. */
  private static final String ANY_ID = "id";

  /**
   * Reads {@code {"id": ..., "rule": {...}}}, or the rule's fields with the id beside them.
   *
   * @throws Invalid with every mistake, if there is one
   */
  static RuleBody read(JsonFields body) {
    String id = body.optionalText("id");
    JsonFields wrapped = body.has("rule") ? body.object("rule") : body;
    RuleDefinition rule = wrapped == null ? null : rule(wrapped);
    body.end();
    if (wrapped != null && wrapped != body) {
      wrapped.end();
    }
    List<Invalid.Mistake> mistakes = allMistakes(id, rule, body.mistakes());
    if (rule == null || !mistakes.isEmpty()) {
      throw new Invalid(mistakes.isEmpty() ? List.of(noRule()) : mistakes);
    }
    return new RuleBody(id, rule);
  }

  private static Invalid.Mistake noRule() {
    return new Invalid.Mistake("rule", "rule is null; expected an object.");
  }

  /** A field that could not be read is not measured against its limits too. */
  private static List<Invalid.Mistake> allMistakes(
      @Nullable String id, @Nullable RuleDefinition rule, List<Invalid.Mistake> unreadable) {
    List<Invalid.Mistake> all = new ArrayList<>(unreadable);
    Set<String> fields = new HashSet<>();
    unreadable.forEach(mistake -> fields.add(mistake.field().replaceFirst("^rule\\.", "")));
    if (rule != null) {
      RuleLimits.mistakesIn(id == null ? ANY_ID : id, rule).stream()
          .filter(mistake -> !fields.contains(mistake.field()))
          .forEach(all::add);
    }
    return all;
  }

  private static @Nullable RuleDefinition rule(JsonFields fields) {
    String name = fields.text("name");
    Scope scope = scope(fields.object("scope"));
    Measure measure = fields.choice("measure", Measure.class);
    Integer status = fields.optionalInteger("status");
    int windowMinutes = fields.integer("windowMinutes");
    double opensAt = fields.number("opensAt");
    double closesAt = fields.number("closesAt");
    int minimumRequests = fields.integer("minimumRequests", 0);
    int opensAfterMinutes = fields.integer("opensAfterMinutes", 1);
    int closesAfterMinutes = fields.integer("closesAfterMinutes", 1);
    Integer escalatesAfterMinutes = fields.optionalInteger("escalatesAfterMinutes");
    List<Target> tell = fields.objects("tell").stream().map(RuleBody::target).toList();
    if (measure == null) {
      return null;
    }
    return new RuleDefinition(
        name,
        scope,
        measure,
        status,
        windowMinutes,
        opensAt,
        closesAt,
        minimumRequests,
        opensAfterMinutes,
        closesAfterMinutes,
        escalatesAfterMinutes,
        tell);
  }

  private static Scope scope(@Nullable JsonFields fields) {
    if (fields == null) {
      return Scope.ALL;
    }
    Scope scope =
        new Scope(
            fields.optionalText("source"),
            fields.optionalText("route"),
            fields.optionalText("method"));
    fields.end();
    return scope;
  }

  private static Target target(JsonFields fields) {
    Target.Kind kind = fields.choice("kind", Target.Kind.class);
    Target target = new Target(kind == null ? Target.Kind.WEBHOOK : kind, fields.text("url"));
    fields.end();
    return target;
  }
}
