package io.logfold.command.telling;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.logfold.api.alerts.Evidence;
import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.Target;
import io.logfold.api.incidents.IncidentEvent;
import io.logfold.api.incidents.Resolution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageTest {

  private static final String DELIVERY = UUID.randomUUID().toString();
  private static final Path SCHEMA = Path.of("../docs/webhook.schema.json");

  static Stream<Notice> notices() {
    return Stream.of(
        Notice.opened(Incidents.opened("i"), Incidents.NOTICED),
        Notice.reopened(Incidents.reopened("i"), Incidents.NOTICED),
        Notice.escalated(Incidents.escalated("i"), Incidents.NOTICED),
        Notice.resolved(Incidents.resolved("i"), Incidents.NOTICED),
        opened(Measure.STATUS_COUNT, 404, 10, Scope.ALL, 12, Evidence.NONE));
  }

  @ParameterizedTest
  @MethodSource("notices")
  void isAsTheSchemaSays(Notice notice) throws IOException {
    assertThat(schema().validate(webhook(notice), InputFormat.JSON, MessageTest::withFormats))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("measures")
  void namesEachMeasureAsTheSchemaDoes(Measure measure) throws IOException {
    Notice notice = opened(measure, null, 1, Scope.ALL, 1, Evidence.NONE);
    assertThat(schema().validate(webhook(notice), InputFormat.JSON)).isEmpty();
  }

  static Stream<Measure> measures() {
    return Stream.of(Measure.values());
  }

  @Test
  void isNotWhatTheSchemaSaysWhenATimeIsMissing() throws IOException {
    String body = webhook(Notice.resolved(Incidents.resolved("i"), Incidents.NOTICED));
    String without = body.replace("\"until\"", "\"til\"");
    assertThat(schema().validate(without, InputFormat.JSON)).isNotEmpty();
  }

  private static void withFormats(ExecutionContext context) {
    context.executionConfig(config -> config.formatAssertionsEnabled(true));
  }

  private static Schema schema() throws IOException {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(Files.readString(SCHEMA));
  }

  @Test
  void saysWhatWhereHowBadAndSinceWhen() {
    assertThat(Sentence.of(Notice.opened(Incidents.opened("i"), Incidents.NOTICED)))
        .isEqualTo(
            "shop POST /orders/{id}: 31 % of 1,200 requests failed with 5xx in 5 minutes"
                + " (threshold 5 %), since 10:41 UTC");
  }

  @Test
  void saysThatItIsOver() {
    assertThat(Sentence.of(Notice.resolved(Incidents.resolved("i"), Incidents.NOTICED)))
        .isEqualTo(
            "Over since 10:55 UTC: shop POST /orders/{id}: at worst 31 % of 1,200 requests failed"
                + " with 5xx in 5 minutes (threshold 5 %), first at 10:41 UTC");
  }

  @Test
  void saysWhyItEndedWhenNothingGotBetter() {
    var paused =
        new IncidentEvent.Resolved(
            "i", Incidents.crossed(), Incidents.MINUTE, Incidents.NOTICED, Resolution.RULE_PAUSED);
    assertThat(Sentence.of(Notice.resolved(paused, Incidents.NOTICED)))
        .startsWith("Ended as its rule was paused since 10:42 UTC: ");
  }

  @Test
  void saysThatNobodyAcknowledgedItAndTheDayWhenItIsAnother() {
    Instant nextDay = Instant.parse("2025-06-11T00:01:00Z");
    assertThat(Sentence.of(Notice.escalated(Incidents.escalated("i"), nextDay)))
        .startsWith("Not acknowledged by anybody yet: shop POST /orders/{id}: at worst 31 %")
        .endsWith(", since 2025-06-10 10:41 UTC");
  }

  @Test
  void saysEachMeasureInItsUnit() {
    assertThat(text(Measure.ERROR_SHARE, null, 0.0525))
        .contains("5.25 % of 1,200 requests failed with 4xx or 5xx in 5 minutes (threshold 5 %)");
    assertThat(text(Measure.STATUS_COUNT, 429, 1_234))
        .contains("1,234 of 1,200 requests were answered 429 in 5 minutes (threshold 0.05)");
    assertThat(text(Measure.LATENCY_P99_MILLIS, null, 812.345))
        .contains("p99 latency of 1,200 requests was 812.35 ms in 5 minutes (threshold 0.05 ms)");
    assertThat(text(Measure.REQUESTS_PER_MINUTE_BELOW, null, 0))
        .contains("All requests: 0 requests a minute in 5 minutes (threshold 0.05 or fewer)");
  }

  @Test
  void tellsSlackWithoutLettingAPathSpeakItsLanguage() {
    var crossed =
        Incidents.crossed(
            Incidents.rule("A & B", Measure.ERROR_SHARE, null, 0.05, List.of()),
            new Scope("shop", "/<!channel>|&", "GET"),
            0.31,
            Incidents.evidence("/"));
    Notice notice = Notice.opened(new IncidentEvent.Opened("i", crossed), Incidents.NOTICED);

    String text = SlackMessage.of(notice).text();

    assertThat(text)
        .startsWith("*A &amp; B*: shop GET /&lt;!channel&gt;|&amp;: 31 % of 1,200 requests")
        .contains("\nStatuses: 503 300, 500 72\n")
        .endsWith("\nIncident i")
        .doesNotContain("<", ">");
    assertThat(
            new String(Message.body(DELIVERY, notice, Target.Kind.SLACK), StandardCharsets.UTF_8))
        .startsWith("{\"text\":\"*A &amp; B*");
  }

  @Test
  void staysSmallWhateverThePathsAre() {
    var crossed =
        Incidents.crossed(
            Incidents.rule("n".repeat(100), Measure.ERROR_SHARE, null, 0.05, List.of()),
            new Scope("shop", "/" + "😀".repeat(5_000), "GET"),
            0.31,
            Incidents.evidence("/😀".repeat(5_000)));
    Notice notice = Notice.opened(new IncidentEvent.Opened("i", crossed), Incidents.NOTICED);

    assertThat(Sentence.of(notice)).hasSizeLessThan(500).doesNotContain("\uFFFD");
    assertThat(webhook(notice)).hasSizeLessThan(20_000).doesNotContain("?");
    assertThat(SlackMessage.of(notice).text()).hasSizeLessThan(4_000);
  }

  private static String text(Measure measure, @Nullable Integer status, double value) {
    return Sentence.of(opened(measure, status, 0.05, Scope.ALL, value, Evidence.NONE));
  }

  private static Notice opened(
      Measure measure,
      @Nullable Integer status,
      double opensAt,
      Scope scope,
      double value,
      Evidence evidence) {
    var crossed =
        Incidents.crossed(
            Incidents.rule("r", measure, status, opensAt, List.of()), scope, value, evidence);
    return Notice.opened(new IncidentEvent.Opened("i", crossed), Incidents.NOTICED);
  }

  private static String webhook(Notice notice) {
    return new String(Message.body(DELIVERY, notice, Target.Kind.WEBHOOK), StandardCharsets.UTF_8);
  }
}
