package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What senders get wrong, through the whole HTTP stack: the right 4xx, a sentence that helps,
 * nothing on the log, and every refusal counted.
 */
class BadInputTest extends WriteSideTest {

  /**
   * One mistake.
   *
   * @param hint a word the sentence must hold
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares two mistakes
  record Mistake(
      String name,
      String path,
      byte[] body,
      String[] headers,
      int status,
      String code,
      String hint) {

    Mistake with(String... more) {
      return new Mistake(name, path, body, more, status, code, hint);
    }

    Mistake at(String other) {
      return new Mistake(name, other, body, headers, status, code, hint);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Mistake> mistakes() {
    return Stream.of(
            emptyBodies(),
            brokenJson(),
            wrongFields(),
            wrongTimes(),
            wrongLines(),
            tooMuch(),
            encodings(),
            headersAndParameters())
        .flatMap(mistakes -> mistakes);
  }

  static Stream<Mistake> emptyBodies() {
    return Stream.of(
        bad("empty", "", "empty-body", "empty"),
        bad("whitespace", " \n\t\r\n ", "empty-body", "empty"),
        bad("byte order mark alone", "\uFEFF", "empty-body", "empty"),
        bad("empty array", "[]", "empty-body", "array"),
        bad("empty object", "{}", "missing-time", "time"),
        bad("empty upload", "", "empty-body", "empty").at("/upload"),
        bad("empty gzip", gzip(new byte[0]), "empty-body", "empty")
            .with("Content-Encoding", "gzip"),
        bad("no bytes as gzip", "", "broken-gzip", "gzip").with("Content-Encoding", "gzip"));
  }

  static Stream<Mistake> brokenJson() {
    return Stream.of(
        bad("truncated object", GOOD.substring(0, 40), "bad-json", "JSON"),
        bad("truncated array", "[" + GOOD + "," + GOOD.substring(0, 40), "bad-json", "JSON"),
        bad("array without its end", "[" + GOOD, "bad-json", "JSON"),
        bad("array with a trailing comma", "[" + GOOD + ",]", "bad-json", "JSON"),
        bad("two arrays", "[" + GOOD + "][" + GOOD + "]", "bad-json", "follows"),
        bad("NaN", field("latencyMs", "NaN"), "bad-json", "NaN"),
        bad("Infinity", field("latencyMs", "Infinity"), "bad-json", "Infinity"),
        bad("minus Infinity", field("status", "-Infinity"), "bad-json", "JSON"),
        bad("single quotes", "{'time':1}", "bad-json", "JSON"),
        bad("array of numbers", "[1,2,3]", "not-a-log", "object"),
        bad("array of nulls", "[null]", "not-a-log", "object"),
        bad("array of arrays", "[[" + GOOD + "]]", "not-a-log", "object"),
        bad("deep arrays", "[".repeat(5_000), "bad-json", "nesting"),
        bad("deep objects", "{\"a\":".repeat(500), "bad-json", "nesting"),
        bad("deep field", field("extra", "[".repeat(40) + "]".repeat(40)), "bad-json", "nesting"),
        bad("endless number", field("status", "1".repeat(1_000)), "bad-json", "length"),
        bad("invalid UTF-8 in an array", latin1("[\"caf\u00e9\"]"), "not-utf8", "UTF-8"),
        bad("invalid UTF-8 in an object", latin1("{\"path\":\"/caf\u00e9\"}"), "not-utf8", "UTF-8"),
        bad("half a surrogate pair", field("userAgent", "\"\\ud800\""), "bad-text", "userAgent"),
        bad("half a pair in the path", field("path", "\"/\\udc00\""), "bad-text", "path"),
        bad(
            "half a pair in a text line",
            "[\"2025-06-10T10:41:40Z 1.2.3.4 GET /\\ud800 200 1ms\"]",
            "bad-text",
            "path"));
  }

  static Stream<Mistake> wrongFields() {
    return Stream.concat(
        Stream.of("time", "ip", "method", "path", "status")
            .map(name -> bad("no " + name, field(name, "null"), "missing-" + name, name)),
        Stream.of(
            bad("status 0", field("status", "0"), "status-out-of-range", "status"),
            bad("status 99", field("status", "99"), "status-out-of-range", "status"),
            bad("status 600", field("status", "600"), "status-out-of-range", "status"),
            bad("status -1", field("status", "-1"), "status-out-of-range", "status"),
            bad("status 2^40", field("status", "1099511627776"), "status-out-of-range", "status"),
            bad(
                "status 2^80",
                field("status", "1208925819614629174706176"),
                "bad-status",
                "status"),
            bad("status abc", field("status", "\"abc\""), "bad-status", "status"),
            bad("status 200.5", field("status", "200.5"), "bad-status", "status"),
            bad("status 2e2", field("status", "2e2"), "bad-status", "status"),
            bad("status true", field("status", "true"), "bad-status", "status"),
            bad("status object", field("status", "{\"code\":200}"), "bad-status", "status"),
            bad("status as SQL", field("status", "\"200; DROP TABLE x\""), "bad-status", "status"),
            bad("negative latency", field("latencyMs", "-1"), "bad-latency", "latency"),
            bad("negative micros", field("latencyMicros", "-5"), "bad-latency", "latency"),
            bad("latency of days", field("latencyMs", "86400001"), "bad-latency", "latency"),
            bad("latency beyond doubles", field("latencyMs", "1e999"), "bad-latency", "latency"),
            bad("huge exponent", field("latencyMs", "1e1000000000"), "bad-latency", "latency"),
            bad("latency without unit", field("latency", "\"12\""), "bad-latency", "unit"),
            bad("latency NaN as text", field("latencyMs", "\"NaN\""), "bad-latency", "latency"),
            bad("ip a number", field("ip", "16909060"), "bad-ip", "ip"),
            bad("ip empty", field("ip", "\"\""), "bad-ip", "ip"),
            bad("ip with a space", field("ip", "\"1.2.3.4 5\""), "bad-ip", "ip"),
            bad("ip as SQL", field("ip", "\"' OR 1=1 --\""), "bad-ip", "ip"),
            bad("ip too long", field("ip", quoted("1".repeat(256))), "bad-ip", "255"),
            bad("ip with NUL", field("ip", "\"1.2.3.4\\u0000\""), "bad-ip", "ip"),
            bad("method empty", field("method", "\"\""), "bad-method", "method"),
            bad("method as SQL", field("method", "\"GET'; --\""), "bad-method", "method"),
            bad("method too long", field("method", quoted("A".repeat(33))), "bad-method", "32"),
            bad("method with a newline", field("method", "\"GE\\nT\""), "bad-method", "method"),
            bad("path empty", field("path", "\"\""), "bad-path", "path"),
            bad("path only a query", field("path", "\"?a=1\""), "bad-path", "path"),
            bad(
                "path too long",
                field("path", quoted("/" + "a".repeat(2_048))),
                "path-too-long",
                "2048"),
            bad("path with NUL", field("path", "\"/a\\u0000b\""), "bad-path", "control"),
            bad("path a list", field("path", "[\"/a\"]"), "bad-path", "array"),
            bad("bytes negative", field("bytes", "-1"), "bad-bytes", "bytes"),
            bad("source too long", field("source", quoted("s".repeat(65))), "bad-source", "64"),
            bad("source blank", field("source", "\" \""), "bad-source", "source"),
            bad(
                "host too long",
                field("host", quoted("h".repeat(300))),
                "field-too-long",
                "host")));
  }

  static Stream<Mistake> wrongTimes() {
    return Stream.of(
        bad("year 10000", field("time", "\"10000-01-01T00:00:00Z\""), "bad-time", "time"),
        bad("year +10000", field("time", "\"+10000-01-01T00:00:00Z\""), "bad-time", "time"),
        bad("before 1970", field("time", "\"1969-12-31T23:59:59Z\""), "time-out-of-range", "1970"),
        bad("before 1970 in millis", field("time", "-1"), "time-out-of-range", "1970"),
        bad(
            "ten minutes ahead",
            field("time", quoted(Instant.now().plusSeconds(600).toString())),
            "time-in-future",
            "5 minutes"),
        bad("year 9999", field("time", "\"9999-12-31T23:59:59Z\""), "time-in-future", "5 minutes"),
        bad("no zone", field("time", "\"2025-06-10T10:41:40\""), "bad-time", "RFC 3339"),
        bad("February 30", field("time", "\"2025-02-30T10:41:40Z\""), "bad-time", "RFC 3339"),
        bad("25 o'clock", field("time", "\"2025-06-10T25:41:40Z\""), "bad-time", "RFC 3339"),
        bad("yesterday", field("time", "\"yesterday\""), "bad-time", "RFC 3339"),
        bad("empty time", field("time", "\"\""), "bad-time", "RFC 3339"),
        bad("seconds", field("time", "1749552100"), "bad-time", "seconds"),
        bad("float seconds", field("time", "1749552100.123"), "bad-time", "whole"),
        bad("time true", field("time", "true"), "bad-time", "time"));
  }

  static Stream<Mistake> wrongLines() {
    return Stream.of(
        bad("words", "hello world", "unknown-format", "format"),
        bad("SQL as a line", "'; DROP TABLE domain_event_entry; --", "unknown-format", "format"),
        bad("XML", "<log/>", "unknown-format", "format"),
        bad("too few fields", "2025-06-10T10:41:40Z 1.2.3.4 GET /", "bad-line", "6 fields"),
        bad(
            "too many fields",
            "2025-06-10T10:41:40Z 1.2.3.4 GET /a b 200 1ms",
            "bad-line",
            "6 fields"),
        bad("no unit", "2025-06-10T10:41:40Z 1.2.3.4 GET / 200 1", "bad-latency", "ms"),
        bad(
            "line with status 999",
            "2025-06-10T10:41:40Z 1.2.3.4 GET / 999 1ms",
            "status-out-of-range",
            "100 to 599"),
        bad(
            "line of year 10000",
            "10000-06-10T10:41:40Z 1.2.3.4 GET / 200 1ms",
            "unknown-format",
            "format"),
        bad("TLS on port 80", combined("\\x16\\x03\\x01\\x02"), "bad-request-line", "request"),
        bad("no request", combined("-"), "bad-request-line", "request"),
        bad("request of one word", combined("GET"), "bad-request-line", "request"),
        bad(
            "open quote",
            "1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0 200 5",
            "bad-line",
            "quote"),
        bad(
            "common log without status",
            "1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\"",
            "bad-line",
            "status"),
        bad("month Foo", combined("GET / HTTP/1.0").replace("Oct", "Foo"), "bad-time", "time"),
        bad("zone missing", combined("GET / HTTP/1.0").replace(" -0700", ""), "bad-time", "time"),
        bad(
            "invalid UTF-8 line",
            latin1("2025-06-10T10:41:40Z 1.2.3.4 GET /caf\u00e9 200 1ms"),
            "not-utf8",
            "UTF-8"),
        bad("random bytes", new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2, 3}, "not-utf8", "UTF-8"),
        bad("upload of rubbish", "[\"rubbish\",\"more\"]", "unknown-format", "None of 2")
            .at("/upload"),
        bad("huge line", "a".repeat(8_193), "line-too-long", "8192"),
        bad("huge element", "[\"" + "a".repeat(8_193) + "\"]", "line-too-long", "8192"));
  }

  static Stream<Mistake> tooMuch() {
    byte[] zeros = new byte[10_000_000];
    byte[] noise = new byte[65_537];
    new Random(1).nextBytes(noise);
    return Stream.of(
        refused("huge body", new byte[65_537], 413, "body-too-large", "65536"),
        refused("huge upload", new byte[65_537], 413, "body-too-large", "65536").at("/upload"),
        refused("huge packed body", gzip(noise), 413, "body-too-large", "65536")
            .with("Content-Encoding", "gzip"),
        refused("gzip bomb", gzip(zeros), 413, "body-too-large", "262144")
            .with("Content-Encoding", "gzip"),
        refused("too many text lines", utf8("x\n".repeat(101)), 413, "too-many-lines", "100"),
        refused("too many objects", utf8((GOOD + "\n").repeat(101)), 413, "too-many-lines", "100"),
        refused(
            "too many elements",
            utf8("[" + "1,".repeat(100) + "1]"),
            413,
            "too-many-lines",
            "100"));
  }

  static Stream<Mistake> encodings() {
    byte[] packed = gzip(utf8(GOOD));
    byte[] flipped = packed.clone();
    flipped[packed.length - 6] ^= 0x55;
    return Stream.concat(
        Stream.of("br", "zstd", "deflate", "compress", "gzip, gzip", "aes128gcm", "';--")
            .map(
                name ->
                    refused("encoding " + name, utf8(GOOD), 415, "unsupported-encoding", "gzip")
                        .with("Content-Encoding", name)),
        Stream.of(
            bad("plain said to be gzip", GOOD, "broken-gzip", "gzip")
                .with("Content-Encoding", "gzip"),
            bad("half a gzip", Arrays.copyOf(packed, packed.length / 2), "broken-gzip", "gzip")
                .with("Content-Encoding", "gzip"),
            bad("gzip with a wrong checksum", flipped, "broken-gzip", "gzip")
                .with("Content-Encoding", "gzip"),
            bad("gzip not said to be", packed, "not-utf8", "UTF-8")));
  }

  static Stream<Mistake> headersAndParameters() {
    return Stream.of(
        key("key of a space", "a b"),
        key("empty key", ""),
        key("key of ours", "!1234"),
        key("key too long", "k".repeat(201)),
        bad("two keys", GOOD, "bad-idempotency-key", "Idempotency-Key")
            .with("Idempotency-Key", "a", "Idempotency-Key", "b"),
        bad("source parameter too long", GOOD, "bad-source", "64")
            .at("/logs?source=" + "s".repeat(65)),
        bad("source parameter blank", GOOD, "bad-source", "source").at("/logs?source="),
        bad("source parameter with NUL", GOOD, "bad-source", "control").at("/logs?source=a%00b"),
        bad("source parameter no UTF-8", GOOD, "bad-source", "UTF-8").at("/logs?source=%ff"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void refusesWithAReasonAndStoresNothing(Mistake mistake) {
    double before =
        count(IngestMeters.REQUESTS, "answer", "" + mistake.status(), "code", mistake.code());

    HttpResponse<String> answer = post(mistake.path(), mistake.body(), mistake.headers());

    assertProblem(answer, mistake.status(), mistake.code());
    assertThat(json(answer).path("detail").asText()).contains(mistake.hint());
    assertThat(sent()).isEmpty();
    assertThat(
            count(IngestMeters.REQUESTS, "answer", "" + mistake.status(), "code", mistake.code()))
        .isEqualTo(before + 1);
  }

  /** The same mistake beside a good line costs that line nothing, and is counted by its reason. */
  @ParameterizedTest
  @MethodSource("wrongFields")
  void acceptsTheGoodLineBesideABadOne(Mistake mistake) throws Exception {
    double rejected = count(IngestMeters.REJECTED, "code", mistake.code());
    double accepted = count(IngestMeters.LINES, "outcome", "accepted");

    HttpResponse<String> answer =
        post("/logs", new String(mistake.body(), StandardCharsets.UTF_8) + "\n" + GOOD);

    assertThat(answer.statusCode()).isEqualTo(202);
    JsonNode receipt = json(answer);
    assertThat(receipt.path("accepted").asInt()).isEqualTo(1);
    assertThat(receipt.path("rejected").asInt()).isEqualTo(1);
    JsonNode error = receipt.path("errors").path(0);
    assertThat(error.path("line").asInt()).isEqualTo(1);
    assertThat(error.path("code").asText()).isEqualTo(mistake.code());
    assertThat(error.path("reason").asText()).contains(mistake.hint());
    assertThat(sent()).hasSize(2);
    assertThat(payload(1).path("countByCode").path(mistake.code()).asInt()).isEqualTo(1);
    assertThat(count(IngestMeters.REJECTED, "code", mistake.code())).isEqualTo(rejected + 1);
    assertThat(count(IngestMeters.LINES, "outcome", "accepted")).isEqualTo(accepted + 1);
  }

  private static Mistake bad(String name, String body, String code, String hint) {
    return bad(name, utf8(body), code, hint);
  }

  private static Mistake bad(String name, byte[] body, String code, String hint) {
    return refused(name, body, 400, code, hint);
  }

  private static Mistake refused(String name, byte[] body, int status, String code, String hint) {
    return new Mistake(name, "/logs", body, new String[0], status, code, hint);
  }

  private static Mistake key(String name, String key) {
    return bad(name, GOOD, "bad-idempotency-key", "Idempotency-Key").with("Idempotency-Key", key);
  }

  /** The good object with one field added or, since the last one of a name counts, replaced. */
  private static String field(String name, String value) {
    String absent =
        value.equals("null") ? GOOD.replace("\"" + name + "\"", "\"not" + name + "\"") : GOOD;
    return absent.substring(0, absent.length() - 1) + ",\"" + name + "\":" + value + "}";
  }

  private static String combined(String request) {
    return "1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] \"" + request + "\" 200 5 \"-\" \"-\"";
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** In Latin-1, so that an accent is no UTF-8. */
  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
