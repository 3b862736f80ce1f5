package io.logfold.query.fold;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link LogReceived} that is written as the receiver writes it: its fields in their order,
 * texts of ASCII without escapes, no white space. That is nearly every one; at anything else it
 * gives up and leaves the record to a parser. What a log has in common with the one before, which
 * is much within a request, is not read into memory again. Not thread-safe; one a chunk.
 */
final class PlainLog {

  private static final byte[] REQUEST = ascii("{\"request\":\"");
  private static final byte[] LINE = ascii(",\"line\":");
  private static final byte[] BODY = ascii(",\"body\":\"");
  private static final byte[] TIME = ascii(",\"log\":{\"time\":\"");
  private static final byte[] IP = ascii(",\"ip\":\"");
  private static final byte[] METHOD = ascii(",\"method\":\"");
  private static final byte[] PATH = ascii(",\"path\":\"");
  private static final byte[] STATUS = ascii(",\"status\":");
  private static final byte[] LATENCY = ascii(",\"latencyMicros\":");
  private static final byte[] SOURCE = ascii(",\"source\":\"");
  private static final byte[] BYTES = ascii(",\"bytes\":");
  private static final byte[] USER_AGENT = ascii(",\"userAgent\":\"");
  private static final byte[] REFERRER = ascii(",\"referrer\":\"");
  private static final byte[] HOST = ascii(",\"host\":\"");
  private static final byte[] PROTOCOL = ascii(",\"protocol\":\"");
  private static final byte[] ROUTE = ascii(",\"route\":\"");
  private static final byte[] TRACE_ID = ascii(",\"traceId\":\"");
  private static final byte[] END = ascii("}}");

  /** No sum of so many digits runs over. */
  private static final int MAX_DIGITS = 17;

  private final Text request = new Text();
  private final Text body = new Text();
  private final Text time = new Text();
  private final Text ip = new Text();
  private final Text method = new Text();
  private final Text path = new Text();
  private final Text source = new Text();
  private final Text userAgent = new Text();
  private final Text referrer = new Text();
  private final Text host = new Text();
  private final Text protocol = new Text();
  private final Text route = new Text();
  private final Text traceId = new Text();
  private Instant lastTime = Instant.EPOCH;
  private String lastTimeText = lastTime.toString();
  private byte[] bytes = END;
  private int at;
  private int end;
  private boolean gaveUp;

  /** The log, or null if it is written in another way or is none. */
  @Nullable LogReceived read(byte[] values, int from, int to) {
    bytes = values;
    at = from;
    end = to;
    gaveUp = false;
    LogReceived read =
        new LogReceived(text(REQUEST, request), smallNumber(LINE), optionalText(BODY, body), log());
    return !skip(END) || at != end || gaveUp ? null : read;
  }

  private AccessLog log() {
    return new AccessLog(
        time(),
        text(IP, ip),
        text(METHOD, method),
        text(PATH, path),
        smallNumber(STATUS),
        number(LATENCY),
        text(SOURCE, source),
        isNext(BYTES) ? (Long) number(BYTES) : null,
        optionalText(USER_AGENT, userAgent),
        optionalText(REFERRER, referrer),
        optionalText(HOST, host),
        optionalText(PROTOCOL, protocol),
        optionalText(ROUTE, route),
        optionalText(TRACE_ID, traceId));
  }

  private Instant time() {
    String text = text(TIME, time);
    if (!gaveUp && !text.equals(lastTimeText)) {
      try {
        lastTime = Rfc3339.instant(text);
        lastTimeText = text;
      } catch (DateTimeException e) {
        gaveUp = true;
      }
    }
    return lastTime;
  }

  private @Nullable String optionalText(byte[] name, Text known) {
    return isNext(name) ? text(name, known) : null;
  }

  private String text(byte[] name, Text known) {
    if (!skip(name)) {
      return "";
    }
    int from = at;
    int to = from;
    while (to < end && isPlain(bytes[to])) {
      to++;
    }
    if (to == end || bytes[to] != '"') {
      gaveUp = true;
      return "";
    }
    at = to + 1;
    return known.of(bytes, from, to);
  }

  /** Bytes beyond ASCII are negative. */
  private static boolean isPlain(byte c) {
    return c >= ' ' && c != '"' && c != '\\';
  }

  private int smallNumber(byte[] name) {
    long number = number(name);
    gaveUp |= number > Integer.MAX_VALUE;
    return (int) number;
  }

  private long number(byte[] name) {
    long number = 0;
    if (skip(name)) {
      int from = at;
      while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - from <= MAX_DIGITS) {
        number = number * 10 + bytes[at] - '0';
        at++;
      }
      gaveUp |= at == from || at - from > MAX_DIGITS || (bytes[from] == '0' && at - from > 1);
    }
    return number;
  }

  private boolean skip(byte[] expected) {
    if (gaveUp || !isNext(expected)) {
      gaveUp = true;
      return false;
    }
    at += expected.length;
    return true;
  }

  private boolean isNext(byte[] expected) {
    int to = at + expected.length;
    return to <= end && Arrays.equals(bytes, at, to, expected, 0, expected.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  /** A field's last text, and the bytes that it was made of. */
  private static final class Text {

    private String text = "";
    private byte[] bytes = new byte[0];
    private int from;
    private int to;

    String of(byte[] value, int start, int end) {
      if (!Arrays.equals(value, start, end, bytes, from, to)) {
        text = new String(value, start, end - start, ISO_8859_1);
        bytes = value;
        from = start;
        to = end;
      }
      return text;
    }
  }
}
