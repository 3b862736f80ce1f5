package io.logfold.command.ingest;

import io.logfold.api.AccessLog;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An access log in the making: the formats fill in what they find, and every bound of {@link
 * AccessLog} is checked here, once for all formats. One serves all lines of a request, begun anew
 * for each; not thread-safe.
 */
final class LogDraft {

  private static final int MAX_IP = 255;
  private static final int MAX_METHOD = 32;
  private static final int MAX_PATH = 2_048;
  private static final int MAX_TEXT = 1_024;
  private static final int MAX_PROTOCOL = 32;
  private static final long MAX_LATENCY_MICROS = 86_400_000_000L;
  private static final long NO_TIME = Long.MIN_VALUE;

  private @Nullable String lastTimeText;
  private long lastTimeMillis;
  private long timeMillis = NO_TIME;
  private @Nullable String ip;
  private @Nullable String method;
  private @Nullable String path;
  private int status;
  private long latencyMicros;
  private @Nullable String source;
  private @Nullable Long bytes;
  private @Nullable String userAgent;
  private @Nullable String referrer;
  private @Nullable String host;
  private @Nullable String protocol;
  private @Nullable String route;
  private @Nullable String traceId;

  /** Forgets the line before. */
  void begin() {
    timeMillis = NO_TIME;
    ip = null;
    method = null;
    path = null;
    status = 0;
    latencyMicros = 0;
    source = null;
    bytes = null;
    userAgent = null;
    referrer = null;
    host = null;
    protocol = null;
    route = null;
    traceId = null;
  }

  void time(long epochMillis) {
    timeMillis = epochMillis;
  }

  /** The time as RFC 3339 spells it. */
  void rfc3339(String text) throws BadLine {
    if (!text.equals(lastTimeText)) {
      remember(text, Timestamps.rfc3339(text));
    }
    timeMillis = lastTimeMillis;
  }

  /** The time as the common log format spells it. */
  void commonLogTime(String text) throws BadLine {
    if (!text.equals(lastTimeText)) {
      remember(text, Timestamps.commonLog(text));
    }
    timeMillis = lastTimeMillis;
  }

  /** Lines of a request often share their time; no text is a time of both spellings. */
  private void remember(String text, long millis) {
    lastTimeText = text;
    lastTimeMillis = millis;
  }

  void ip(String value) throws BadLine {
    check(
        !value.isEmpty() && value.length() <= MAX_IP,
        "bad-ip",
        "ip must have 1 to 255 characters.");
    for (int i = 0; i < value.length(); i++) {
      check(isVisible(value.charAt(i)), "bad-ip", "ip holds a space or control character.");
    }
    ip = whole("ip", value);
  }

  void method(String value) throws BadLine {
    check(
        !value.isEmpty() && value.length() <= MAX_METHOD,
        "bad-method",
        "method must have 1 to 32 characters.");
    for (int i = 0; i < value.length(); i++) {
      if (!isMethodCharacter(value.charAt(i))) {
        throw new BadLine(
            "bad-method",
            "method is '%s', expected letters such as GET.".formatted(Excerpt.ofValue(value)));
      }
    }
    method = value.toUpperCase(Locale.ROOT);
  }

  /** The path; a query string that came with it is left out. */
  void path(String value) throws BadLine {
    int query = value.indexOf('?');
    String bare = query < 0 ? value : value.substring(0, query);
    check(!bare.isEmpty(), "bad-path", "path is empty.");
    check(bare.length() <= MAX_PATH, "path-too-long", "path is longer than 2048 characters.");
    path = whole("path", printable("bad-path", "path", bare));
  }

  void status(long value) throws BadLine {
    if (value < 100 || value > 599) {
      throw new BadLine(
          "status-out-of-range", "status is %d, expected 100 to 599.".formatted(value));
    }
    status = (int) value;
  }

  void latencyMicros(long value) throws BadLine {
    check(
        value >= 0 && value <= MAX_LATENCY_MICROS,
        "bad-latency",
        "latency must be between 0 and 24 hours.");
    latencyMicros = value;
  }

  /** Latency as a number of some unit; the comparison refuses NaN too. */
  void latency(double value, long microsPerUnit) throws BadLine {
    double micros = value * microsPerUnit;
    check(
        micros >= 0 && micros <= MAX_LATENCY_MICROS,
        "bad-latency",
        "latency must be between 0 and 24 hours.");
    latencyMicros = Math.round(micros);
  }

  void source(String value) throws BadLine {
    source = Sources.checked(value);
  }

  void bytes(long value) throws BadLine {
    check(value >= 0, "bad-bytes", "bytes must be 0 or more.");
    bytes = value;
  }

  /** Cut at 1,024 characters instead of refused: a server cannot help what its clients send. */
  void userAgent(String value) throws BadLine {
    userAgent = whole("userAgent", cut(value));
  }

  /** Cut at 1,024 characters for the same reason as {@link #userAgent}. */
  void referrer(String value) throws BadLine {
    referrer = whole("referrer", cut(value));
  }

  void host(String value) throws BadLine {
    host = bounded("host", value, MAX_IP);
  }

  void protocol(String value) throws BadLine {
    protocol = bounded("protocol", value, MAX_PROTOCOL);
  }

  void route(String value) throws BadLine {
    route = bounded("route", value, MAX_TEXT);
  }

  void traceId(String value) throws BadLine {
    traceId = bounded("traceId", value, MAX_IP);
  }

  /**
   * The finished log.
   *
   * @param latestMillis the latest time a log may have
   * @param defaultSource what the request calls its sender
   */
  AccessLog toLog(long latestMillis, String defaultSource) throws BadLine {
    checkTime(latestMillis);
    check(status != 0, "missing-status", "status is missing.");
    return new AccessLog(
        Instant.ofEpochMilli(timeMillis),
        present("ip", ip),
        present("method", method),
        present("path", path),
        status,
        latencyMicros,
        source == null ? defaultSource : source,
        bytes,
        userAgent,
        referrer,
        host,
        protocol,
        route,
        traceId);
  }

  private void checkTime(long latestMillis) throws BadLine {
    check(timeMillis != NO_TIME, "missing-time", "time is missing.");
    check(timeMillis >= 0, "time-out-of-range", "time is before 1970.");
    check(
        timeMillis <= latestMillis,
        "time-in-future",
        "time is more than 5 minutes ahead of the receiver's clock.");
  }

  private static String present(String field, @Nullable String value) throws BadLine {
    if (value == null) {
      throw new BadLine("missing-" + field, field + " is missing.");
    }
    return value;
  }

  private static String bounded(String field, String value, int max) throws BadLine {
    if (value.length() > max) {
      throw new BadLine("field-too-long", "%s is longer than %d characters.".formatted(field, max));
    }
    return whole(field, printable("bad-text", field, value));
  }

  private static String printable(String code, String field, String value) throws BadLine {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        throw new BadLine(code, field + " holds a control character.");
      }
    }
    return value;
  }

  private static String whole(String field, String value) throws BadLine {
    if (Excerpt.isBroken(value)) {
      throw new BadLine("bad-text", field + " holds half of a surrogate pair.");
    }
    return value;
  }

  private static String cut(String value) {
    if (value.length() <= MAX_TEXT) {
      return value;
    }
    int end = Character.isHighSurrogate(value.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
    return value.substring(0, end);
  }

  private static boolean isVisible(char c) {
    return (c > ' ' && c < 0x7f)
        || (!Character.isWhitespace(c) && !Character.isSpaceChar(c) && !Character.isISOControl(c));
  }

  private static boolean isMethodCharacter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
  }

  private static void check(boolean holds, String code, String reason) throws BadLine {
    if (!holds) {
      throw new BadLine(code, reason);
    }
  }
}
