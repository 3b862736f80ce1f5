package io.logfold.generator;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Function;

/**
 * Writes the lines of one format. All lines of a request carry the same time, so it is formatted
 * once a request; everything else comes from tables. Not thread-safe.
 */
final class LineWriter {

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter COMMON =
      DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss '+0000'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final byte[][] METHODS = table(Route::method);
  private static final byte[][] PATHS = table(Route::path);
  private static final byte[][] JSON_ROUTES =
      table(route -> "\",\"method\":\"" + route.method() + "\",\"path\":\"" + route.path());

  private static final byte[] JSON_TIME = Bytes.ascii("{\"time\":\"");
  private static final byte[] JSON_IP = Bytes.ascii("\",\"ip\":\"");
  private static final byte[] JSON_STATUS = Bytes.ascii("\",\"status\":");
  private static final byte[] JSON_LATENCY = Bytes.ascii(",\"latencyMicros\":");
  private static final byte[] JSON_BYTES = Bytes.ascii(",\"bytes\":");
  private static final byte[] MS = Bytes.ascii("ms");
  private static final byte[] NOBODY = Bytes.ascii(" - - [");
  private static final byte[] REQUEST = Bytes.ascii("] \"");
  private static final byte[] PROTOCOL = Bytes.ascii(" HTTP/1.1\" ");

  private static final byte[][] REFERRERS = {
    Bytes.ascii(" \"-\""),
    Bytes.ascii(" \"https://shop.example.org/\""),
    Bytes.ascii(" \"https://shop.example.org/products\""),
    Bytes.ascii(" \"https://search.example.com/?q=shoes\""),
  };
  private static final byte[][] USER_AGENTS = {
    Bytes.ascii(" \"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\""),
    Bytes.ascii(
        " \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/138.0.0.0 Safari/537.36\""),
    Bytes.ascii(
        " \"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML,"
            + " like Gecko) Version/18.5 Mobile/15E148 Safari/604.1\""),
    Bytes.ascii(" \"curl/8.5.0\""),
    Bytes.ascii(" \"Go-http-client/1.1\""),
  };

  private final LogFormat format;
  private final Bytes out;
  private byte[] time = {};

  LineWriter(LogFormat format, Bytes out) {
    this.format = format;
    this.out = out;
  }

  void begin(Instant now) {
    out.clear();
    time = Bytes.ascii(timeText(now));
    if (isArray()) {
      out.put('[');
    }
  }

  void write(Line line) {
    switch (format) {
      case JSON -> json(line).put(',');
      case NDJSON -> json(line).put('\n');
      case TEXT -> seed(line).put('\n');
      case UPLOAD -> quoted(line).put(',');
      case COMMON -> common(line).put('\n');
      case COMBINED -> combined(line).put('\n');
      case COMBINED_TIME -> seconds(combined(line).put(' '), line).put('\n');
    }
  }

  void end() {
    if (isArray()) {
      out.dropLast();
      out.put(']');
    }
  }

  private boolean isArray() {
    return format == LogFormat.JSON || format == LogFormat.UPLOAD;
  }

  private String timeText(Instant now) {
    return switch (format) {
      case JSON, NDJSON -> MILLIS.format(now);
      case TEXT, UPLOAD -> now.truncatedTo(ChronoUnit.SECONDS).toString();
      case COMMON, COMBINED, COMBINED_TIME -> COMMON.format(now);
    };
  }

  private Bytes quoted(Line line) {
    out.put('"');
    return seed(line).put('"');
  }

  private Bytes json(Line line) {
    out.put(JSON_TIME).put(time).put(JSON_IP);
    Clients.putAddress(out, line.client);
    id(out.put(JSON_ROUTES[line.route]), line);
    out.put(JSON_STATUS).put(line.status);
    out.put(JSON_LATENCY).put(line.latencyMicros);
    return out.put(JSON_BYTES).put(line.bytes).put('}');
  }

  private Bytes seed(Line line) {
    out.put(time).put(' ');
    Clients.putAddress(out, line.client);
    out.put(' ').put(METHODS[line.route]).put(' ');
    path(line).put(' ').put(line.status).put(' ');
    return out.put(line.latencyMicros / 1_000).put(MS);
  }

  private Bytes common(Line line) {
    Clients.putAddress(out, line.client);
    out.put(NOBODY).put(time).put(REQUEST).put(METHODS[line.route]).put(' ');
    return path(line).put(PROTOCOL).put(line.status).put(' ').put(line.bytes);
  }

  private Bytes combined(Line line) {
    return common(line)
        .put(REFERRERS[line.client / USER_AGENTS.length % REFERRERS.length])
        .put(USER_AGENTS[line.client % USER_AGENTS.length]);
  }

  private static Bytes seconds(Bytes out, Line line) {
    int millis = line.latencyMicros / 1_000;
    return out.put(millis / 1_000).put('.').digits(millis % 1_000, 3);
  }

  private Bytes path(Line line) {
    return id(out.put(PATHS[line.route]), line);
  }

  private static Bytes id(Bytes out, Line line) {
    return line.id == 0 ? out : out.put(line.id);
  }

  private static byte[][] table(Function<Route, String> text) {
    return Route.ALL.stream().map(text).map(Bytes::ascii).toArray(byte[][]::new);
  }
}
