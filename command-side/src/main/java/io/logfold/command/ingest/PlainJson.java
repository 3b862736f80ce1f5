package io.logfold.command.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what nearly every JSON body holds: flat objects of ASCII strings without escapes and of
 * plain numbers, all of them good logs. It never refuses: at anything else it stops, and the whole
 * element is read again by a real parser, whose words the sender then gets. So there is one place
 * that says what is wrong, and good logs cost no parser. Not thread-safe; one a body.
 */
final class PlainJson {

  /** Longer names are none of ours. */
  private static final int MAX_NAME = 32;

  private static final int MAX_NAMES = 24;

  /** One less than a real parser takes for granted, so that no sum here runs over. */
  private static final int MAX_DIGITS = 17;

  private final byte[] body;
  private final Name[] names = new Name[MAX_NAMES];
  private int at;
  private int end;

  PlainJson(byte[] body) {
    this.body = body;
  }

  /** Goes on at {@code from}, and no further than {@code to}. */
  void enter(int from, int to) {
    at = from;
    end = to;
  }

  /** Steps over the next character but white space if it is this one. */
  boolean skip(char expected) {
    if (peek() != expected) {
      return false;
    }
    at++;
    return true;
  }

  /** The next character but white space, which is passed over; 0 at the end. */
  int peek() {
    while (at < end) {
      byte c = body[at];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
      at++;
    }
    return 0;
  }

  boolean isAtEnd() {
    return peek() == 0 && at == end;
  }

  /** The string here; null if it is no plain one. */
  @Nullable String string() {
    int from = at + 1;
    int to = endOfString();
    return to < 0 ? null : new String(body, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** Reads the object here into the draft; false if it is no plain one, the draft then is void. */
  boolean object(LogDraft draft) throws BadLine {
    if (!skip('{')) {
      return false;
    }
    for (int i = 0; i < MAX_NAMES; i++) {
      String name = name(i);
      if (name == null || !value(name, draft)) {
        return false;
      }
      if (!skip(',')) {
        return skip('}');
      }
    }
    return false;
  }

  /** A sender's objects have their fields in the same order: the name here is a known one. */
  private @Nullable String name(int index) {
    if (peek() != '"') {
      return null;
    }
    int from = at + 1;
    int to = endOfString();
    if (to < 0 || to - from > MAX_NAME || !skip(':')) {
      return null;
    }
    Name known = names[index];
    if (known == null || !known.is(body, from, to)) {
      known = Name.of(body, from, to);
      names[index] = known;
    }
    return known.plain();
  }

  private boolean value(String name, LogDraft draft) throws BadLine {
    int c = peek();
    if (c == '"') {
      String text = string();
      return text != null && text(name, text, draft);
    }
    return c == 'n' ? isNull() : number(name, draft);
  }

  private boolean isNull() {
    boolean is = end - at >= 4 && body[at + 1] == 'u' && body[at + 2] == 'l' && body[at + 3] == 'l';
    at += 4;
    return is;
  }

  private static boolean text(String name, String text, LogDraft draft) throws BadLine {
    switch (name) {
      case "time", "timestamp", "@timestamp" -> draft.rfc3339(text);
      case "ip", "clientip", "remoteaddr" -> draft.ip(text);
      case "method" -> draft.method(text);
      case "path", "uri" -> draft.path(text);
      case "latency" -> JsonFormat.latency(text, draft);
      case "source" -> draft.source(text);
      case "useragent" -> draft.userAgent(text);
      case "referrer", "referer" -> draft.referrer(text);
      case "host" -> draft.host(text);
      case "protocol" -> draft.protocol(text);
      case "route" -> draft.route(text);
      case "traceid" -> draft.traceId(text);
      default -> {
        return !isNumber(name);
      }
    }
    return true;
  }

  private boolean number(String name, LogDraft draft) throws BadLine {
    int from = at;
    long whole = digits();
    if (whole < 0) {
      return false;
    }
    if (at < end && body[at] == '.') {
      return name.equals("latencyms") && fraction(from, draft);
    }
    switch (name) {
      case "time", "timestamp", "@timestamp" -> draft.time(JsonFormat.millis(whole));
      case "status", "statuscode" -> draft.status(whole);
      case "latencymicros" -> draft.latencyMicros(whole);
      case "latencyms" -> draft.latency((double) whole, JsonFormat.MICROS_PER_MILLI);
      case "bytes" -> draft.bytes(whole);
      default -> {
        return !isText(name);
      }
    }
    return true;
  }

  private boolean fraction(int from, LogDraft draft) throws BadLine {
    at++;
    int first = at;
    while (at < end && isDigit(body[at])) {
      at++;
    }
    if (at == first || at - from > MAX_DIGITS || !isEndOfNumber()) {
      return false;
    }
    String text = new String(body, from, at - from, StandardCharsets.ISO_8859_1);
    draft.latency(Double.parseDouble(text), JsonFormat.MICROS_PER_MILLI);
    return true;
  }

  /** The whole number here, or -1 if that is none of JSON's, negative, or a long one. */
  private long digits() {
    int from = at;
    long value = 0;
    while (at < end && isDigit(body[at])) {
      value = value * 10 + (body[at++] - '0');
      if (at - from > MAX_DIGITS) {
        return -1;
      }
    }
    boolean isJson = at > from && (body[from] != '0' || at == from + 1);
    return isJson && (isEndOfNumber() || body[at] == '.') ? value : -1;
  }

  private boolean isEndOfNumber() {
    if (at == end) {
      return false;
    }
    byte c = body[at];
    return c == ',' || c == '}' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  /** Passes over the string here; the place of its closing quote, or -1. */
  private int endOfString() {
    int i = at + 1;
    while (i < end) {
      byte c = body[i];
      if (c == '"') {
        at = i + 1;
        return i;
      }
      if (c < ' ' || c == '\\') {
        return -1;
      }
      i++;
    }
    return -1;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNumber(String name) {
    return switch (name) {
      case "status", "statuscode", "latencymicros", "latencyms", "bytes" -> true;
      default -> false;
    };
  }

  private static boolean isText(String name) {
    return switch (name) {
      case "ip",
          "clientip",
          "remoteaddr",
          "method",
          "path",
          "uri",
          "latency",
          "source",
          "useragent",
          "referrer",
          "referer",
          "host",
          "protocol",
          "route",
          "traceid" ->
          true;
      default -> false;
    };
  }

  /**
   * A field's name.
   *
   * @param bytes as sent
   * @param plain as {@link JsonFormat} knows it
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by is() alone
  private record Name(byte[] bytes, String plain) {

    static Name of(byte[] body, int from, int to) {
      byte[] bytes = Arrays.copyOfRange(body, from, to);
      return new Name(bytes, JsonFormat.plain(new String(bytes, StandardCharsets.ISO_8859_1)));
    }

    boolean is(byte[] body, int from, int to) {
      return Arrays.equals(bytes, 0, bytes.length, body, from, to);
    }
  }
}
