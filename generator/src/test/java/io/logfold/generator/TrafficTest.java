package io.logfold.generator;

import static io.logfold.generator.Runs.oneStream;
import static io.logfold.generator.Runs.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrafficTest {

  private final Receiver receiver = new Receiver();
  private final ManualTicker ticker = new ManualTicker();

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void theSameSeedGivesTheSameBodiesOnAnyNumberOfStreams() throws Exception {
    for (LogFormat format : LogFormat.values()) {
      List<String> one = bodies(oneStream(receiver.uri()).format(format).seed(42).total(500));
      List<String> four =
          bodies(oneStream(receiver.uri()).format(format).seed(42).total(500).streams(4));
      List<String> other = bodies(oneStream(receiver.uri()).format(format).seed(43).total(500));

      assertThat(four).containsExactlyInAnyOrderElementsOf(one);
      assertThat(one).doesNotContainAnyElementsOf(other).doesNotHaveDuplicates();
    }
  }

  @Test
  void theUploadFormatIsTheSeedsArrayOfLines() throws Exception {
    String body = bodies(oneStream(receiver.uri()).format(LogFormat.UPLOAD).total(10)).get(0);

    String[] lines = new ObjectMapper().readValue(body, String[].class);
    assertThat(lines).hasSize(10).allMatch(Pattern.compile(SEEDS_LINE).asMatchPredicate());
    assertThat(receiver.tries().get(0).uri()).hasToString("/upload");
    assertThat(receiver.tries().get(0).type()).isEqualTo("application/json");
  }

  private static final String ADDRESS = "\\d{1,3}(\\.\\d{1,3}){3}";
  private static final String SEEDS_LINE =
      "2025-06-10T12:00:00Z "
          + ADDRESS
          + " (GET|POST|PUT|PATCH|DELETE) /[a-z0-9/]* (200|404|500) \\d{1,5}ms";
  private static final String COMMON_LINE =
      ADDRESS
          + " - - \\[10/Jun/2025:12:00:00 \\+0000\\] \"[A-Z]+ /[a-z0-9/]* HTTP/1\\.1\" (200|404|500) \\d+";
  private static final String COMBINED_LINE = COMMON_LINE + " \"[^\"]+\" \"[^\"]+\"";

  @Test
  void eachLineFormatIsWhatItsNameSays() throws Exception {
    assertLines(LogFormat.TEXT, SEEDS_LINE);
    assertLines(LogFormat.COMMON, COMMON_LINE);
    assertLines(LogFormat.COMBINED, COMBINED_LINE);
    assertLines(LogFormat.COMBINED_TIME, COMBINED_LINE + " \\d{1,2}\\.\\d{3}");
    assertLines(
        LogFormat.NDJSON,
        "\\{\"time\":\"2025-06-10T12:00:00\\.123Z\",\"ip\":\""
            + ADDRESS
            + "\",\"method\":\"[A-Z]+\",\"path\":\"/[a-z0-9/]*\",\"status\":(200|404|500)"
            + ",\"latencyMicros\":\\d+,\"bytes\":\\d+\\}");
  }

  @Test
  void differentClientsHaveDifferentAddresses() {
    BitSet seen = new BitSet();
    Bytes out = new Bytes();
    for (int client = 0; client < 1_000_000; client++) {
      out.clear();
      Clients.putAddress(out, client);
      seen.set(bits(new String(out.copy(), StandardCharsets.US_ASCII)));
    }
    assertThat(seen.cardinality()).isEqualTo(1_000_000);
  }

  @Test
  void fewPathsAndClientsMakeMostOfTheTraffic() throws Exception {
    List<String[]> lines =
        bodies(oneStream(receiver.uri()).format(LogFormat.TEXT).batch(1_000).total(20_000)).stream()
            .flatMap(String::lines)
            .map(line -> line.split(" ", -1))
            .toList();

    Map<String, Long> clients =
        lines.stream().collect(Collectors.groupingBy(line -> line[1], Collectors.counting()));
    Set<String> paths = lines.stream().map(line -> line[3]).collect(Collectors.toSet());
    assertThat(clients).hasSize(100);
    assertThat(clients.values()).anyMatch(n -> n > 3_000).anyMatch(n -> n < 100);
    assertThat(paths).hasSizeGreaterThan(1_000).contains("/", "/api/payment", "/health");
  }

  @Test
  void anOutageMakesSomePathsFailAndSlowWhileItLasts() throws Exception {
    GeneratorSettings.Outage now =
        new GeneratorSettings.Outage(Duration.ZERO, Duration.ofMinutes(1));
    GeneratorSettings.Outage later =
        new GeneratorSettings.Outage(Duration.ofSeconds(1), Duration.ofMinutes(1));

    GeneratorReport during =
        run(oneStream(receiver.uri()).batch(1_000).total(20_000).outage(now), ticker);
    GeneratorReport before =
        run(oneStream(receiver.uri()).batch(1_000).total(20_000).outage(later), ticker);

    assertThat(during.byStatus().getOrDefault(503, 0L)).isGreaterThan(200);
    assertThat(before.byStatus()).doesNotContainKey(503);
    assertThat(during.latencyMicros().p99()).isGreaterThan(2 * before.latencyMicros().p99());
  }

  private void assertLines(LogFormat format, String pattern) throws Exception {
    Set<String> lines = new HashSet<>();
    bodies(oneStream(receiver.uri()).format(format).total(200))
        .forEach(body -> body.lines().forEach(lines::add));
    assertThat(lines).hasSizeGreaterThan(150).allMatch(Pattern.compile(pattern).asMatchPredicate());
  }

  private List<String> bodies(GeneratorSettings.Builder settings) throws InterruptedException {
    receiver.tries().clear();
    run(settings, ticker);
    return receiver.tries().stream().map(Receiver.Received::body).toList();
  }

  private static int bits(String address) {
    int bits = 0;
    for (String octet : address.split("\\.", -1)) {
      bits = (bits << 8) | Integer.parseInt(octet);
    }
    return bits & Integer.MAX_VALUE;
  }
}
