package io.logfold.command.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.NumberOutput;
import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@link LogReceived} as the frozen JSON, byte for byte what Jackson's databind makes of it.
 * By hand, because databind was a quarter of what it costs to take a log in. Keeps what the logs of
 * a request have in common from one to the next; not thread-safe.
 */
final class LogJson {

  private static final int LARGEST_NUMBER = 20;
  private static final int NANOS_A_MILLI = 1_000_000;

  private static final JsonFactory JSON = new JsonFactory();
  private static final boolean[] IS_PLAIN = plain();

  private static final byte[] REQUEST = ascii("{\"request\":");
  private static final byte[] LINE = ascii(",\"line\":");
  private static final byte[] BODY = ascii(",\"body\":");
  private static final byte[] TIME = ascii(",\"log\":{\"time\":\"");
  private static final byte[] IP = ascii("\",\"ip\":");
  private static final byte[] METHOD = ascii(",\"method\":");
  private static final byte[] PATH = ascii(",\"path\":");
  private static final byte[] STATUS = ascii(",\"status\":");
  private static final byte[] LATENCY = ascii(",\"latencyMicros\":");
  private static final byte[] SOURCE = ascii(",\"source\":");
  private static final byte[] BYTES = ascii(",\"bytes\":");
  private static final byte[] USER_AGENT = ascii(",\"userAgent\":");
  private static final byte[] REFERRER = ascii(",\"referrer\":");
  private static final byte[] HOST = ascii(",\"host\":");
  private static final byte[] PROTOCOL = ascii(",\"protocol\":");
  private static final byte[] ROUTE = ascii(",\"route\":");
  private static final byte[] TRACE_ID = ascii(",\"traceId\":");
  private static final byte[] END = ascii("}}");

  private byte[] out = new byte[1_024];
  private int size;
  private Instant lastTime = Instant.EPOCH;
  private byte[] lastTimeText = isoText(Instant.EPOCH);
  private long lastSecond = Long.MIN_VALUE;
  private byte[] lastSecondText = lastTimeText;

  byte[] write(LogReceived event) {
    size = 0;
    text(REQUEST, event.request());
    number(LINE, event.line());
    optional(BODY, event.body());
    log(event.log());
    put(END);
    return Arrays.copyOf(out, size);
  }

  private void log(AccessLog log) {
    put(TIME);
    put(timeOf(log.time()));
    text(IP, log.ip());
    text(METHOD, log.method());
    text(PATH, log.path());
    number(STATUS, log.status());
    number(LATENCY, log.latencyMicros());
    text(SOURCE, log.source());
    if (log.bytes() != null) {
      number(BYTES, log.bytes());
    }
    optional(USER_AGENT, log.userAgent());
    optional(REFERRER, log.referrer());
    optional(HOST, log.host());
    optional(PROTOCOL, log.protocol());
    optional(ROUTE, log.route());
    optional(TRACE_ID, log.traceId());
  }

  /** The lines of a request are mostly of the same time, to the letter. */
  private byte[] timeOf(Instant time) {
    if (!time.equals(lastTime)) {
      lastTime = time;
      lastTimeText = timeText(time);
    }
    return lastTimeText;
  }

  /** To format a time takes longer than the rest of a log, so it is done once a second. */
  private byte[] timeText(Instant time) {
    int nanos = time.getNano();
    if (nanos == 0 || nanos % NANOS_A_MILLI != 0) {
      return isoText(time);
    }
    if (time.getEpochSecond() != lastSecond) {
      lastSecond = time.getEpochSecond();
      lastSecondText = isoText(Instant.ofEpochSecond(lastSecond));
    }
    int millis = nanos / NANOS_A_MILLI;
    int dot = lastSecondText.length - 1;
    byte[] text = Arrays.copyOf(lastSecondText, lastSecondText.length + 4);
    text[dot] = '.';
    text[dot + 1] = (byte) ('0' + millis / 100);
    text[dot + 2] = (byte) ('0' + millis / 10 % 10);
    text[dot + 3] = (byte) ('0' + millis % 10);
    text[dot + 4] = 'Z';
    return text;
  }

  private static byte[] isoText(Instant time) {
    return ascii(DateTimeFormatter.ISO_INSTANT.format(time));
  }

  private void optional(byte[] name, @Nullable String value) {
    if (value != null) {
      text(name, value);
    }
  }

  private void text(byte[] name, String value) {
    put(name);
    int length = value.length();
    reserve(length + 2);
    out[size] = '"';
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= IS_PLAIN.length || !IS_PLAIN[c]) {
        put(escaped(value));
        return;
      }
      out[size + 1 + i] = (byte) c;
    }
    out[size + 1 + length] = '"';
    size += length + 2;
  }

  private static byte[] escaped(String value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(2 * value.length());
    try (JsonGenerator generator = JSON.createGenerator(bytes)) {
      generator.writeString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void number(byte[] name, long value) {
    put(name);
    reserve(LARGEST_NUMBER);
    size = NumberOutput.outputLong(value, out, size);
  }

  private void put(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, out, size, bytes.length);
    size += bytes.length;
  }

  private void reserve(int more) {
    if (size + more > out.length) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, size + more));
    }
  }

  private static boolean[] plain() {
    boolean[] plain = new boolean[128];
    Arrays.fill(plain, ' ', plain.length, true);
    plain['"'] = false;
    plain['\\'] = false;
    return plain;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
