package io.logfold.command.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An access log as a JSON object, by our names or by close relatives of them; case, {@code _} and
 * {@code -} make no difference. Fields of other names and nulls are passed over.
 */
final class JsonFormat {

  private static final int MAX_DIGITS = 18;
  static final long MICROS_PER_MILLI = 1_000;
  private static final long MICROS_PER_SECOND = 1_000_000;

  /** Before March 1973 in milliseconds; a smaller number is rather one of seconds. */
  private static final long FEWEST_MILLIS = 100_000_000_000L;

  /**
   * Reads the object that the parser has just entered, to its end even when a field is bad, so that
   * the next element can be read.
   *
   * @return the first thing wrong with it, or null
   */
  @Nullable BadLine read(JsonParser json, LogDraft draft) throws IOException {
    BadLine first = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      try {
        field(name, json, draft);
      } catch (BadLine e) {
        first = first == null ? e : first;
      }
      json.skipChildren();
    }
    return first;
  }

  private static void field(String name, JsonParser json, LogDraft draft)
      throws IOException, BadLine {
    if (json.currentToken() != JsonToken.VALUE_NULL) {
      set(plain(name), json, draft);
    }
  }

  /** The name as {@link #set} knows it. */
  static String plain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < 'a' || c > 'z') {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
      }
    }
    return name;
  }

  private static void set(String name, JsonParser json, LogDraft draft)
      throws IOException, BadLine {
    switch (name) {
      case "time", "timestamp", "@timestamp" -> time(json, draft);
      case "ip", "clientip", "remoteaddr" -> draft.ip(text("ip", json));
      case "method" -> draft.method(text("method", json));
      case "path", "uri" -> draft.path(text("path", json));
      case "status", "statuscode" -> draft.status(whole("status", json));
      case "latencymicros" -> draft.latencyMicros(whole("latency", json));
      case "latencyms" -> draft.latency(number("latency", json), MICROS_PER_MILLI);
      case "latency" -> latency(text("latency", json), draft);
      case "source" -> draft.source(text("source", json));
      case "bytes" -> draft.bytes(whole("bytes", json));
      case "useragent" -> draft.userAgent(text("userAgent", json));
      case "referrer", "referer" -> draft.referrer(text("referrer", json));
      case "host" -> draft.host(text("host", json));
      case "protocol" -> draft.protocol(text("protocol", json));
      case "route" -> draft.route(text("route", json));
      case "traceid" -> draft.traceId(text("traceId", json));
      default -> {}
    }
  }

  /** RFC 3339, or milliseconds since 1970. */
  private static void time(JsonParser json, LogDraft draft) throws IOException, BadLine {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      draft.rfc3339(json.getText());
    } else {
      draft.time(millis(whole("time", json)));
    }
  }

  static long millis(long number) throws BadLine {
    if (number >= 0 && number < FEWEST_MILLIS) {
      throw new BadLine(
          "bad-time",
          "time is %d, expected RFC 3339 or milliseconds since 1970; that looks like seconds."
              .formatted(number));
    }
    return number;
  }

  private static String text(String field, JsonParser json) throws IOException, BadLine {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw wrongType(field, "a string", json);
    }
    return json.getText();
  }

  private static long whole(String field, JsonParser json) throws IOException, BadLine {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return Numbers.whole(field, json.getText());
    }
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw wrongType(field, "a whole number", json);
    }
    if (json.getTextLength() > MAX_DIGITS) {
      throw new BadLine("bad-" + field, field + " is a number of more than 18 digits.");
    }
    return json.getLongValue();
  }

  private static double number(String field, JsonParser json) throws IOException, BadLine {
    return switch (json.currentToken()) {
      case VALUE_STRING -> Numbers.decimal(field, json.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      default -> throw wrongType(field, "a number", json);
    };
  }

  /** {@code 971ms}, {@code 1.5s}, {@code 800us}: a number alone would not say its unit. */
  static void latency(String text, LogDraft draft) throws BadLine {
    if (text.endsWith("ms")) {
      draft.latency(without(text, 2), MICROS_PER_MILLI);
    } else if (text.endsWith("us") || text.endsWith("\u00b5s") || text.endsWith("\u03bcs")) {
      draft.latency(without(text, 2), 1);
    } else if (text.endsWith("s")) {
      draft.latency(without(text, 1), MICROS_PER_SECOND);
    } else {
      throw new BadLine(
          "bad-latency",
          "latency is '%s', expected a unit such as 971ms, or the field latencyMs or latencyMicros."
              .formatted(Excerpt.ofValue(text)));
    }
  }

  private static double without(String text, int unit) throws BadLine {
    return Numbers.decimal("latency", text.substring(0, text.length() - unit));
  }

  private static BadLine wrongType(String field, String expected, JsonParser json) {
    String found =
        switch (json.currentToken()) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "an array";
          case VALUE_STRING -> "a string";
          case VALUE_TRUE, VALUE_FALSE -> "a boolean";
          default -> "a number";
        };
    return new BadLine("bad-" + field, "%s is %s, expected %s.".formatted(field, found, expected));
  }
}
