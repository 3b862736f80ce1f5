package io.logfold.command.telling;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.logfold.api.AccessLog;
import io.logfold.api.alerts.Evidence;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.Target;
import io.logfold.api.incidents.Resolution;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A webhook's body, as {@code docs/webhook.schema.json} says it for its receivers; what is null is
 * left out.
 *
 * @param delivery the same in every try; who saw it before has seen this message
 * @param incident the same in all messages of an incident
 * @param what opened, escalated, resolved or reopened
 * @param at when that was noticed
 * @param text all of it in a sentence
 * @param since the minute of the first crossing
 * @param until the minute since which it is over
 * @param resolution why it is over: cleared, rule-paused or rule-retired
 * @param value the measure, in its unit; the worst since then, unless it begins
 * @param opensAt the rule's threshold, in the measure's unit
 * @param requests requests in the window that was measured
 */
record Message(
    String delivery,
    String incident,
    String what,
    Instant at,
    String text,
    Rule rule,
    Scope scope,
    Instant since,
    @Nullable Instant until,
    @Nullable String resolution,
    double value,
    double opensAt,
    long requests,
    Proof evidence) {

  private static final int MAX_TEXT = 500;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  /** The rule as it was judged. */
  record Rule(
      String id,
      String name,
      String measure,
      @Nullable Integer status,
      int windowMinutes,
      double opensAt,
      double closesAt,
      long minimumRequests) {}

  /** What stands behind the numbers. */
  record Proof(
      List<Evidence.Count> routes,
      List<Evidence.Count> statuses,
      List<Evidence.Count> clients,
      List<Sample> samples) {}

  /** A request; texts are cut after 500 characters. */
  record Sample(
      Instant time,
      String ip,
      String method,
      String path,
      int status,
      double latencyMillis,
      String source,
      @Nullable String route,
      @Nullable String userAgent,
      @Nullable String traceId) {}

  /** What every try of a delivery sends, as UTF-8. */
  static byte[] body(String delivery, Notice notice, Target.Kind kind) {
    Object message =
        switch (kind) {
          case WEBHOOK -> of(delivery, notice);
          case SLACK -> SlackMessage.of(notice);
        };
    try {
      return JSON.writeValueAsString(message).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record of texts and numbers can be written", e);
    }
  }

  static Message of(String delivery, Notice notice) {
    RuleDefinition rule = notice.crossing().rule();
    return new Message(
        delivery,
        notice.incidentId(),
        notice.what().word(),
        notice.at(),
        Sentence.of(notice),
        rule(notice.crossing().ruleId(), rule),
        notice.crossing().scope(),
        notice.since(),
        notice.until(),
        word(notice.resolution()),
        notice.crossing().value(),
        rule.opensAt(),
        notice.crossing().requests(),
        proof(notice.crossing().evidence()));
  }

  private static Rule rule(String id, RuleDefinition rule) {
    return new Rule(
        id,
        rule.name(),
        word(rule.measure()),
        rule.status(),
        rule.windowMinutes(),
        rule.opensAt(),
        rule.closesAt(),
        rule.minimumRequests());
  }

  private static Proof proof(Evidence evidence) {
    return new Proof(
        cut(evidence.routes()),
        cut(evidence.statuses()),
        cut(evidence.clients()),
        evidence.samples().stream().map(Message::sample).toList());
  }

  private static List<Evidence.Count> cut(List<Evidence.Count> counts) {
    return counts.stream()
        .map(count -> new Evidence.Count(cut(count.value()), count.requests()))
        .toList();
  }

  private static Sample sample(AccessLog log) {
    return new Sample(
        log.time(),
        cut(log.ip()),
        cut(log.method()),
        cut(log.path()),
        log.status(),
        log.latencyMicros() / 1_000.0,
        log.source(),
        cutIfAny(log.route()),
        cutIfAny(log.userAgent()),
        cutIfAny(log.traceId()));
  }

  private static @Nullable String cutIfAny(@Nullable String text) {
    return text == null ? null : cut(text);
  }

  private static String cut(String text) {
    return Sentence.cut(text, MAX_TEXT);
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static @Nullable String word(@Nullable Resolution resolution) {
    return resolution == null ? null : word((Enum<?>) resolution);
  }
}
