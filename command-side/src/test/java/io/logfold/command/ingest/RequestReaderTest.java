package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.ingest.ReceiveLogs;
import io.logfold.api.ingest.RejectedLine;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Plain logs take a short cut past the parser; nobody may be able to tell. */
class RequestReaderTest {

  private static final String GOOD =
      "\"time\":\"2025-06-10T10:41:40Z\",\"ip\":\"1.2.3.4\",\"method\":\"GET\",\"path\":\"/a\",\"status\":200";

  /** What only the parser can read; an object that holds it never takes the short cut. */
  private static final String UNUSUAL = ",\"x\":\"\\u0041\"}";

  private final IngestProperties limits =
      new Binder(new MapConfigurationPropertySource(Map.of()))
          .bindOrCreate("limits", IngestProperties.class);
  private final Admission admission = new Admission(limits);
  private final RequestReader reader =
      new RequestReader(limits, Clock.fixed(Instant.parse("2026-11-23T15:00:00Z"), ZoneOffset.UTC));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",\"latencyMicros\":971",
        ",\"latency_ms\":12.5",
        ",\"LatencyMs\":0.0625",
        ",\"latencyMs\":123456789.123456789",
        ",\"latency\":\"1.5s\"",
        ",\"latency\":12",
        ",\"bytes\":12345678901234567",
        ",\"bytes\":123456789012345678",
        ",\"bytes\":-1",
        ",\"bytes\":007",
        ",\"bytes\":\"7\"",
        ",\"bytes\":1.0",
        ",\"bytes\":null",
        ",\"userAgent\":null,\"Referer\":\"-\",\"protocol\":\"HTTP/2\"",
        ",\"path\":\"/caf\u00e9\"",
        ",\"path\":\"/b?c\"",
        ",\"path\":7",
        ",\"status\":600",
        ",\"status\":1e2",
        ",\"status\":true",
        ",\"status\":{}",
        ",\"time\":1749552100123",
        ",\"time\":1749552100",
        ",\"time\":\"\"",
        ",\"source\":\"\u007f\"",
        ",\"source\":\"shop\",\"source\":\"cart\"",
        ",\"unknown\":7,\"unknown too\":\"x\"",
        " , \"host\" : \"a\" ",
        ",\"host\":\"a\tb\"",
        ",\"host\":\"a\"b\"",
        ",\"host\":\"a\",",
        ",\"host\":nul",
        ",\"host\"",
      })
  void readsAPlainObjectAsTheParserDoes(String fields) {
    String plain = "{" + GOOD + fields + "}";
    String unusual = "{" + GOOD + fields + UNUSUAL;

    assertThat(logs(plain)).isEqualTo(logs(unusual));
    assertThat(codes(plain)).isEqualTo(codes(unusual));
    if (codes(plain).isEmpty()) {
      assertThat(logs("[" + plain + " , " + plain + "]"))
          .isEqualTo(logs("[" + plain + "," + unusual + "]"));
    }
  }

  @Test
  void readsAnArrayAgainFromItsBeginningWhenItsEndIsUnusual() {
    String good = "{" + GOOD + "}";
    Reading reading = read("[" + good + ",\"nonsense\"," + good + ",7,{" + GOOD + UNUSUAL + "]");

    assertThat(reading.logs()).extracting(ReceiveLogs.Line::line).containsExactly(1, 3, 5);
    assertThat(reading.rejected()).extracting(RejectedLine::line).containsExactly(2, 4);
  }

  @Test
  void forgetsTheLineBefore() {
    Reading reading =
        read("{" + GOOD + ",\"bytes\":7,\"route\":\"/a\"}\n{" + GOOD + "}\n{\"time\":\"\"}");

    assertThat(reading.logs().get(1).log().bytes()).isNull();
    assertThat(reading.logs().get(1).log().route()).isNull();
    assertThat(reading.rejected()).extracting(RejectedLine::code).containsExactly("bad-time");
  }

  @Test
  void refusesAnEmptyTimeOfTheFirstLineToo() {
    assertThat(codes("{\"time\":\"\"}")).containsExactly("bad-time");
  }

  private List<?> logs(String body) {
    return read(body).logs();
  }

  private List<String> codes(String body) {
    return read(body).rejected().stream().map(RejectedLine::code).toList();
  }

  private Reading read(String body) {
    try (Admission.Place place = admission.enter()) {
      return reader.read(body.getBytes(StandardCharsets.UTF_8), "default", place);
    }
  }
}
