package io.logfold.query.fold;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of a {@link LogReceived} as it streams by. Thread-safe. */
final class LogReceivedReader {

  private final JsonFactory json = new JsonFactory();

  /**
   * The log, with nulls where fields are missing, or null if the bytes are no such JSON. Fields of
   * other names are passed over.
   */
  @Nullable LogReceived read(byte[] value) {
    try (JsonParser parser = json.createParser(value)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? received(parser) : null;
    } catch (IOException | DateTimeException e) {
      return null;
    }
  }

  @SuppressWarnings("NullAway") // whether all is there is the caller's question
  private static @Nullable LogReceived received(JsonParser parser) throws IOException {
    String request = null;
    int line = -1;
    String body = null;
    AccessLog log = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      switch (name) {
        case "request" -> request = text(parser, token);
        case "line" -> line = parser.getIntValue();
        case "body" -> body = text(parser, token);
        case "log" -> log = token == JsonToken.START_OBJECT ? log(parser) : null;
        default -> parser.skipChildren();
      }
    }
    return new LogReceived(request, line, body, log);
  }

  @SuppressWarnings("NullAway") // whether all is there is the caller's question
  private static AccessLog log(JsonParser parser) throws IOException {
    Instant time = null;
    String ip = null;
    String method = null;
    String path = null;
    int status = 0;
    long latencyMicros = 0;
    String source = null;
    Long bytes = null;
    String userAgent = null;
    String referrer = null;
    String host = null;
    String protocol = null;
    String route = null;
    String traceId = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      switch (name) {
        case "time" -> time = Rfc3339.instant(parser.getText());
        case "ip" -> ip = text(parser, token);
        case "method" -> method = text(parser, token);
        case "path" -> path = text(parser, token);
        case "status" -> status = parser.getIntValue();
        case "latencyMicros" -> latencyMicros = parser.getLongValue();
        case "source" -> source = text(parser, token);
        case "bytes" -> bytes = token == JsonToken.VALUE_NULL ? null : parser.getLongValue();
        case "userAgent" -> userAgent = text(parser, token);
        case "referrer" -> referrer = text(parser, token);
        case "host" -> host = text(parser, token);
        case "protocol" -> protocol = text(parser, token);
        case "route" -> route = text(parser, token);
        case "traceId" -> traceId = text(parser, token);
        default -> parser.skipChildren();
      }
    }
    return new AccessLog(
        time,
        ip,
        method,
        path,
        status,
        latencyMicros,
        source,
        bytes,
        userAgent,
        referrer,
        host,
        protocol,
        route,
        traceId);
  }

  private static @Nullable String text(JsonParser parser, JsonToken token) throws IOException {
    return token == JsonToken.VALUE_NULL ? null : parser.getText();
  }
}
