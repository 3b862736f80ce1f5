package io.logfold.command.telling;

import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.ThresholdEvent.Crossed;
import io.logfold.api.incidents.Resolution;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what happened to an incident in a sentence for somebody who was asleep a moment ago. */
final class Sentence {

  private static final int MAX_SCOPE = 300;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY_AND_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Sentence() {}

  static String of(Notice notice) {
    return lead(notice) + scope(notice.crossing().scope()) + ": " + numbers(notice);
  }

  private static String lead(Notice notice) {
    return switch (notice.what()) {
      case OPENED -> "";
      case REOPENED -> "Not over after all: ";
      case ESCALATED -> "Not acknowledged by anybody yet: ";
      case RESOLVED -> over(notice.resolution()) + until(notice) + ": ";
    };
  }

  private static String over(@Nullable Resolution resolution) {
    if (resolution == null) {
      return "Over";
    }
    return switch (resolution) {
      case CLEARED -> "Over";
      case RULE_PAUSED -> "Ended as its rule was paused";
      case RULE_RETIRED -> "Ended as its rule was retired";
    };
  }

  private static String until(Notice notice) {
    Instant until = notice.until();
    return until == null ? "" : " since " + time(until, notice.at());
  }

  private static String numbers(Notice notice) {
    boolean worst =
        notice.what() == Delivery.What.ESCALATED || notice.what() == Delivery.What.RESOLVED;
    return (worst ? "at worst " : "")
        + measured(notice.crossing())
        + (notice.what() == Delivery.What.RESOLVED ? ", first at " : ", since ")
        + time(notice.since(), notice.at());
  }

  private static String measured(Crossed crossing) {
    RuleDefinition rule = crossing.rule();
    String value = number(crossing.value());
    String requests = number(crossing.requests());
    String window = window(rule.windowMinutes());
    return switch (rule.measure()) {
      case SERVER_ERROR_SHARE ->
          "%s of %s requests failed with 5xx in %s (threshold %s)"
              .formatted(percent(crossing.value()), requests, window, percent(rule.opensAt()));
      case ERROR_SHARE ->
          "%s of %s requests failed with 4xx or 5xx in %s (threshold %s)"
              .formatted(percent(crossing.value()), requests, window, percent(rule.opensAt()));
      case STATUS_COUNT ->
          "%s of %s requests were answered %s in %s (threshold %s)"
              .formatted(value, requests, rule.status(), window, number(rule.opensAt()));
      case LATENCY_P95_MILLIS ->
          "p95 latency of %s requests was %s ms in %s (threshold %s ms)"
              .formatted(requests, value, window, number(rule.opensAt()));
      case LATENCY_P99_MILLIS ->
          "p99 latency of %s requests was %s ms in %s (threshold %s ms)"
              .formatted(requests, value, window, number(rule.opensAt()));
      case REQUESTS_PER_MINUTE_ABOVE ->
          "%s requests a minute in %s (threshold %s or more)"
              .formatted(value, window, number(rule.opensAt()));
      case REQUESTS_PER_MINUTE_BELOW ->
          "%s requests a minute in %s (threshold %s or fewer)"
              .formatted(value, window, number(rule.opensAt()));
    };
  }

  private static String window(int minutes) {
    return minutes == 1 ? "a minute" : "%d minutes".formatted(minutes);
  }

  private static String scope(Scope scope) {
    String text =
        Stream.of(scope.source(), scope.method(), scope.route())
            .filter(Objects::nonNull)
            .collect(Collectors.joining(" "));
    return text.isEmpty() ? "All requests" : cut(text, MAX_SCOPE);
  }

  /** With the day unless it is the day on which it is told. */
  private static String time(Instant time, Instant told) {
    boolean sameDay = day(time).equals(day(told));
    return (sameDay ? TIME : DAY_AND_TIME).format(time);
  }

  private static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  private static String percent(double share) {
    return number(share * 100) + " %";
  }

  static String number(long count) {
    return number((double) count);
  }

  /** Such as {@code 1,200} or {@code 0.25}: two decimals at most. */
  static String number(double value) {
    return new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(value);
  }

  /** The beginning of a text, with a sign that there was more. */
  static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
    return text.substring(0, end) + "…";
  }
}
