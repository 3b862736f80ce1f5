package io.logfold.command.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.logfold.api.AccessLog;
import io.logfold.command.web.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads the body of a request by what it holds, whatever its content type says: an array, one
 * object, objects line by line, or text lines. A bad line never costs its neighbours anything, but
 * a JSON array that breaks off is refused whole: where it broke, nobody can say what was meant.
 */
@Component
class RequestReader {

  private static final Duration FUTURE_TOLERANCE = Duration.ofMinutes(5);
  private static final int MAX_NESTING = 32;
  private static final int MAX_NUMBER_LENGTH = 64;

  /** A parser takes several times a string's length to read it: a body must not be one string. */
  private static final int MAX_STRING_LENGTH = 1024 * 1024;

  private static final int DECODED_AT_ONCE = 4_096;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final IngestProperties limits;
  private final Clock clock;
  private final JsonFactory json;
  private final AccessLineFormat textFormat = new AccessLineFormat();
  private final JsonFormat jsonFormat = new JsonFormat();

  RequestReader(IngestProperties limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
    // Names come from strangers: interning them would keep every one of them for ever.
    this.json =
        JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(constraints(limits))
            .build();
  }

  private static StreamReadConstraints constraints(IngestProperties limits) {
    return StreamReadConstraints.builder()
        .maxNestingDepth(MAX_NESTING)
        .maxNumberLength(MAX_NUMBER_LENGTH)
        .maxNameLength((int) limits.maxLine().toBytes())
        .maxStringLength(Math.max(MAX_STRING_LENGTH, (int) limits.maxLine().toBytes()))
        .build();
  }

  /**
   * The logs and the rejected lines of a body; the body's bytes are only looked at.
   *
   * @param source the source of logs that name none
   * @param place where the lines are to be held
   * @throws Refusal when the body as a whole makes no sense
   */
  Reading read(byte[] body, String source, Admission.Place place) {
    int start = startOf(body);
    if (start == body.length) {
      throw Refusal.badRequest("empty-body", "The body is empty; expected at least one log.");
    }
    long latest = clock.instant().plus(FUTURE_TOLERANCE).toEpochMilli();
    return new Pass(body, start, source, latest, place).run();
  }

  private static int startOf(byte[] body) {
    int at = startsWithMark(body) ? BYTE_ORDER_MARK.length : 0;
    while (at < body.length && isBlank(body[at])) {
      at++;
    }
    return at;
  }

  private static boolean startsWithMark(byte[] body) {
    return body.length >= 3
        && body[0] == BYTE_ORDER_MARK[0]
        && body[1] == BYTE_ORDER_MARK[1]
        && body[2] == BYTE_ORDER_MARK[2];
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  /** One body on its way through; holds what would otherwise be five parameters everywhere. */
  private final class Pass {

    private final byte[] body;
    private final int start;
    private final String source;
    private final long latestMillis;
    private final PlainJson plain;
    private final LogDraft draft = new LogDraft();
    private final Reading reading;

    Pass(byte[] body, int start, String source, long latestMillis, Admission.Place place) {
      this.body = body;
      this.start = start;
      this.source = source;
      this.latestMillis = latestMillis;
      this.plain = new PlainJson(body);
      this.reading = new Reading(limits.maxLines(), place);
    }

    Reading run() {
      switch (body[start]) {
        case '[' -> array();
        case '{' -> objects();
        default -> lines(this::textLine);
      }
      if (reading.lines() == 0) {
        throw Refusal.badRequest("empty-body", "The array is empty; expected at least one log.");
      }
      return reading;
    }

    private void array() {
      if (!plainArray()) {
        reading.clear();
        parsedArray();
      }
    }

    /** False if something is out of the ordinary: what was read until then is void. */
    private boolean plainArray() {
      plain.enter(start + 1, body.length);
      int line = 1;
      do {
        if (!plainElement(line++)) {
          return false;
        }
      } while (plain.skip(','));
      return plain.skip(']') && plain.isAtEnd();
    }

    private boolean plainElement(int line) {
      if (plain.peek() == '"') {
        String text = plain.string();
        if (text != null) {
          text(line, text);
        }
        return text != null;
      }
      AccessLog log = plainLog();
      if (log != null) {
        reading.accept(line, log);
      }
      return log != null;
    }

    private @Nullable AccessLog plainLog() {
      draft.begin();
      try {
        return plain.object(draft) ? draft.toLog(latestMillis, source) : null;
      } catch (BadLine e) {
        return null;
      }
    }

    private void parsedArray() {
      try (JsonParser parser = json.createParser(body, start, body.length - start)) {
        parser.nextToken();
        int line = 1;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          element(parser, line++);
        }
        if (parser.nextToken() != null) {
          throw Refusal.badRequest("bad-json", "Something follows the end of the JSON array.");
        }
      } catch (JsonProcessingException e) {
        throw Refusal.badRequest(
            codeOf(body, 0, body.length), "The JSON is broken: " + sentence(e));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void element(JsonParser parser, int line) throws IOException {
      switch (parser.currentToken()) {
        case START_OBJECT -> object(parser, line);
        case VALUE_STRING -> text(line, parser.getText());
        default -> {
          reading.reject(
              line,
              new BadLine("not-a-log", "an element must be an object or a text line."),
              parser.getText());
          parser.skipChildren();
        }
      }
    }

    /** Objects line by line, unless the first line is only the beginning of one. */
    private void objects() {
      if (firstLineIsWhole() || !documents()) {
        lines(this::jsonLine);
      }
    }

    private boolean firstLineIsWhole() {
      int end = start;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      while (end > start && isBlank(body[end - 1])) {
        end--;
      }
      return body[end - 1] == '}';
    }

    /** Objects that span lines, one after another; false, and nothing read, if that fails. */
    private boolean documents() {
      try (JsonParser parser = json.createParser(body, start, body.length - start)) {
        int line = 1;
        while (parser.nextToken() != null) {
          element(parser, line++);
        }
        return true;
      } catch (IOException e) {
        reading.clear();
        return false;
      }
    }

    private void object(JsonParser parser, int line) throws IOException {
      long from = parser.currentTokenLocation().getByteOffset();
      draft.begin();
      BadLine bad = jsonFormat.read(parser, draft);
      try {
        if (bad != null) {
          throw bad;
        }
        reading.accept(line, draft.toLog(latestMillis, source));
      } catch (BadLine e) {
        int offset = start + (int) Math.max(0, from);
        reading.reject(line, e, decoded(offset, Math.min(body.length, offset + Excerpt.OF_LINE)));
      }
    }

    private void lines(LineReader reader) {
      int number = 0;
      int from = 0;
      while (from < body.length) {
        int end = from;
        while (end < body.length && body[end] != '\n') {
          end++;
        }
        number++;
        line(reader, number, number == 1 ? Math.min(start, end) : from, end);
        from = end + 1;
      }
    }

    private void line(LineReader reader, int number, int from, int to) {
      int first = from;
      while (first < to && isBlank(body[first])) {
        first++;
      }
      int end = to;
      while (end > first && isBlank(body[end - 1])) {
        end--;
      }
      if (first == end) {
        return;
      }
      try {
        checkLength(end - first);
        reader.read(number, first, end);
      } catch (BadLine e) {
        reading.reject(number, e, decoded(first, Math.min(end, first + 4 * Excerpt.OF_LINE)));
      }
    }

    private void textLine(int number, int from, int to) throws BadLine {
      String text = decoded(from, to);
      if (text.indexOf('\uFFFD') >= 0 && !isUtf8(body, from, to)) {
        throw new BadLine("not-utf8", "The line is not UTF-8.");
      }
      parsed(number, text);
    }

    private void text(int number, String text) {
      try {
        checkLength(text.length());
        parsed(number, text.strip());
      } catch (BadLine e) {
        reading.reject(number, e, text);
      }
    }

    private void parsed(int number, String text) throws BadLine {
      draft.begin();
      textFormat.read(text, draft);
      reading.accept(number, draft.toLog(latestMillis, source));
    }

    private void jsonLine(int number, int from, int to) throws BadLine {
      plain.enter(from, to);
      AccessLog log = plainLog();
      if (log != null && plain.isAtEnd()) {
        reading.accept(number, log);
      } else {
        parsedLine(number, from, to);
      }
    }

    private void parsedLine(int number, int from, int to) throws BadLine {
      draft.begin();
      try (JsonParser parser = json.createParser(body, from, to - from)) {
        BadLine bad = onlyObject(parser);
        if (bad != null) {
          throw bad;
        }
      } catch (JsonProcessingException e) {
        throw new BadLine(codeOf(body, from, to), "The JSON is broken: " + sentence(e));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      reading.accept(number, draft.toLog(latestMillis, source));
    }

    private @Nullable BadLine onlyObject(JsonParser parser) throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new BadLine("not-a-log", "expected one JSON object a line.");
      }
      BadLine bad = jsonFormat.read(parser, draft);
      return parser.nextToken() == null
          ? bad
          : new BadLine("bad-json", "Something follows the end of the JSON object.");
    }

    private String decoded(int from, int to) {
      return new String(body, from, to - from, StandardCharsets.UTF_8);
    }

    private void checkLength(int length) throws BadLine {
      if (length > limits.maxLine().toBytes()) {
        throw new BadLine(
            "line-too-long",
            "The line is longer than %d bytes.".formatted(limits.maxLine().toBytes()));
      }
    }
  }

  @FunctionalInterface
  private interface LineReader {
    void read(int number, int from, int to) throws BadLine;
  }

  private static String codeOf(byte[] body, int from, int to) {
    return isUtf8(body, from, to) ? "bad-json" : "not-utf8";
  }

  private static boolean isUtf8(byte[] body, int from, int to) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(body, from, to - from);
    CharBuffer decoded = CharBuffer.allocate(DECODED_AT_ONCE);
    CoderResult result = decoder.decode(bytes, decoded, true);
    while (result.isOverflow()) {
      decoded.clear();
      result = decoder.decode(bytes, decoded, true);
    }
    return !result.isError();
  }

  private static String sentence(JsonProcessingException e) {
    var where = e.getLocation();
    return "%s (line %d, column %d)."
        .formatted(
            Excerpt.of(e.getOriginalMessage(), Excerpt.OF_LINE),
            where == null ? 1 : where.getLineNr(),
            where == null ? 1 : where.getColumnNr());
  }
}
