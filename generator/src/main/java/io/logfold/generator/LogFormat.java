package io.logfold.generator;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How logs are written on the wire, and where they are posted. */
public enum LogFormat {
  /** A JSON array of objects; latencies in microseconds, times in milliseconds. */
  JSON("/logs", "application/json", 1),
  /** One JSON object a line. */
  NDJSON("/logs", "application/x-ndjson", 1),
  /** The seed's line: {@code time ip method path status 12ms}; times in seconds. */
  TEXT("/logs", "text/plain", 1_000),
  /** A JSON array of the seed's lines, posted to the seed's path. */
  UPLOAD("/upload", "application/json", 1_000),
  /** Common log format: it has no latency, so the logs are taken in with 0. */
  COMMON("/logs", "text/plain", Integer.MAX_VALUE),
  /** Combined log format (common, referrer, user agent); no latency either. */
  COMBINED("/logs", "text/plain", Integer.MAX_VALUE),
  /** Combined log format and the request's time in seconds with three decimals. */
  COMBINED_TIME("/logs", "text/plain", 1_000);

  private final String path;
  private final String contentType;
  private final int latencyUnitMicros;

  LogFormat(String path, String contentType, int latencyUnitMicros) {
    this.path = path;
    this.contentType = contentType;
    this.latencyUnitMicros = latencyUnitMicros;
  }

  /**
   * The format of a name such as {@code combined-time}.
   *
   * @throws IllegalArgumentException with the names there are, when there is none of this name
   */
  public static LogFormat ofName(String name) {
    return Arrays.stream(values())
        .filter(format -> format.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + name + "' is none of " + names() + "."));
  }

  String path() {
    return path;
  }

  String contentType() {
    return contentType;
  }

  /** A latency as the receiver will read it: rounded down to what this format can say. */
  int onTheWire(int latencyMicros) {
    return latencyMicros / latencyUnitMicros * latencyUnitMicros;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String names() {
    return Arrays.stream(values()).map(LogFormat::toString).collect(Collectors.joining(", "));
  }
}
