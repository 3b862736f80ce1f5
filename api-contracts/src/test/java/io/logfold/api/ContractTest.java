package io.logfold.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.logfold.api.alerts.AlertRuleCommand;
import io.logfold.api.alerts.AlertRuleEvent;
import io.logfold.api.alerts.AlertRuleReport;
import io.logfold.api.alerts.Evidence;
import io.logfold.api.alerts.FindAlertRule;
import io.logfold.api.alerts.FindAlertRules;
import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.PreviewAlertRule;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.RulePreview;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.Target;
import io.logfold.api.alerts.ThresholdEvent;
import io.logfold.api.deadletters.DeadLetterList;
import io.logfold.api.deadletters.DeadLetterRecord;
import io.logfold.api.deadletters.DeadLetterReport;
import io.logfold.api.deadletters.FindDeadLetter;
import io.logfold.api.deadletters.FindDeadLetters;
import io.logfold.api.errorlog.ErrorLogPage;
import io.logfold.api.errorlog.ErrorLogPage.ErrorLog;
import io.logfold.api.errorlog.FindErrorLogs;
import io.logfold.api.incidents.FindIncident;
import io.logfold.api.incidents.FindIncidents;
import io.logfold.api.incidents.IncidentCommand;
import io.logfold.api.incidents.IncidentEvent;
import io.logfold.api.incidents.IncidentHistory;
import io.logfold.api.incidents.IncidentList;
import io.logfold.api.incidents.IncidentReport;
import io.logfold.api.incidents.Resolution;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.api.ingest.ReceiveLogs;
import io.logfold.api.ingest.RejectedLine;
import io.logfold.api.routes.FindRoutes;
import io.logfold.api.routes.RouteRange;
import io.logfold.api.routes.RouteReport;
import io.logfold.api.stats.FindStats;
import io.logfold.api.stats.StatsRange;
import io.logfold.api.stats.StatsReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The JSON of every message is frozen in {@code src/test/resources/contracts}. A difference there
 * is a question for the review: can yesterday's events and today's program still read each other?
 */
class ContractTest {

  private static final Path GOLDEN = Path.of("src/test/resources/contracts");
  private static final Instant TIME = Instant.parse("2025-06-10T10:41:40.123Z");
  private static final AccessLog FULL =
      new AccessLog(
          TIME,
          "184.116.4.244",
          "POST",
          "/products",
          500,
          971_000,
          "shop",
          1234L,
          "curl/8.5.0",
          "https://example.org/",
          "shop.example.org",
          "HTTP/1.1",
          "/products",
          "4bf92f3577b34da6a3ce929d0e0e4736");
  private static final AccessLog BARE =
      new AccessLog(
          TIME, "::1", "GET", "/", 200, 0, "default", null, null, null, null, null, null, null);
  private static final RejectedLine REJECTED =
      new RejectedLine(
          3, "status-out-of-range", "status is 999, expected 100 to 599.", "... 999 1ms");

  private static final RuleDefinition RULE =
      new RuleDefinition(
          "Checkout fails",
          new Scope("shop", "/orders/{id}", Scope.EACH),
          Measure.SERVER_ERROR_SHARE,
          null,
          5,
          0.05,
          0.02,
          100,
          2,
          5,
          15,
          List.of(new Target(Target.Kind.WEBHOOK, "https://hooks.example.org/logfold")));
  private static final Instant MINUTE = Instant.parse("2025-06-10T10:41:00Z");
  private static final ThresholdEvent.Crossed CROSSED =
      new ThresholdEvent.Crossed(
          "checkout-fails",
          RULE,
          new Scope("shop", "/orders/{id}", "POST"),
          MINUTE,
          0.31,
          1200,
          new Evidence(
              List.of(new Evidence.Count("/orders/{id}", 372)),
              List.of(new Evidence.Count("503", 300), new Evidence.Count("500", 72)),
              List.of(new Evidence.Count("184.116.4.244", 12)),
              List.of(FULL)));
  private static final IncidentReport INCIDENT =
      new IncidentReport(
          "3b241101-e2bb-4255-8caf-4136c566a962",
          "checkout-fails",
          "Checkout fails",
          CROSSED.scope(),
          Measure.SERVER_ERROR_SHARE,
          IncidentReport.State.ACKNOWLEDGED,
          MINUTE,
          null,
          0.05,
          0.31,
          "ann");

  private final ObjectMapper json =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT);

  static Stream<Object> messages() {
    return Stream.of(
        FULL,
        new ReceiveLogs(
            "web-1/42",
            "b9d1f06e2c47a385",
            "shop",
            List.of(new ReceiveLogs.Line(1, BARE)),
            List.of(REJECTED)),
        new LogReceived("web-1/42", 2, "b9d1f06e2c47a385", FULL),
        new LogsRejected(
            "web-1/42",
            "b9d1f06e2c47a385",
            "shop",
            new TreeMap<>(Map.of("status-out-of-range", 1)),
            List.of(REJECTED)),
        new FindErrorLogs("184.116.4.244", 500, "POST", "/prod", "shop", TIME, TIME, 50, 0),
        new ErrorLogPage(List.of(new ErrorLog(59432, FULL)), 4208, TIME),
        new FindStats(StatsRange.DAY, "shop"),
        new StatsReport(
            20384,
            19999,
            new TreeMap<>(Map.of(404, 13484L, 500, 6900L)),
            new StatsReport.Latency(
                503_316.6, 999_000, 500_000, 900_000, 950_000, 990_000, 998_000),
            TIME),
        new FindRoutes(RouteRange.DAY, "shop", 50),
        new RouteReport(
            List.of(
                new RouteReport.Route(
                    "shop", "/users/{id}", "GET", 20384, 6900, 0.5, 500_000, 950_000, 990_000)),
            14,
            TIME));
  }

  static Stream<Object> alertMessages() {
    String rule = "checkout-fails";
    return Stream.of(
        new AlertRuleCommand.Define(rule, RULE),
        new AlertRuleCommand.Change(rule, RULE),
        new AlertRuleCommand.Pause(rule),
        new AlertRuleCommand.Resume(rule),
        new AlertRuleCommand.Retire(rule),
        new AlertRuleEvent.Defined(rule, RULE),
        new AlertRuleEvent.Changed(rule, RULE),
        new AlertRuleEvent.Paused(rule),
        new AlertRuleEvent.Resumed(rule),
        new AlertRuleEvent.Retired(rule),
        CROSSED,
        new ThresholdEvent.Cleared(rule, CROSSED.scope(), MINUTE, 0.01, 1100),
        new FindAlertRules(true),
        new FindAlertRule(rule),
        new AlertRuleReport(rule, RULE, AlertRuleReport.State.PAUSED, TIME, TIME),
        new PreviewAlertRule(RULE, MINUTE, MINUTE),
        new RulePreview(
            1440,
            3,
            List.of(new RulePreview.Finding(CROSSED.scope(), MINUTE, true, 0.31, 1200)),
            1));
  }

  static Stream<Object> incidentMessages() {
    String id = INCIDENT.incidentId();
    var opened = new IncidentEvent.Opened(id, CROSSED);
    return Stream.of(
        new IncidentCommand.Open(id, CROSSED),
        new IncidentCommand.Worsen(id, CROSSED),
        new IncidentCommand.Acknowledge(id, "ann", "looking at it"),
        new IncidentCommand.Escalate(id),
        new IncidentCommand.Resolve(id, MINUTE, Resolution.CLEARED),
        new IncidentCommand.Reopen(id, CROSSED),
        opened,
        new IncidentEvent.Worsened(id, CROSSED),
        new IncidentEvent.Acknowledged(id, "ann", "looking at it"),
        new IncidentEvent.Escalated(id, CROSSED, MINUTE),
        new IncidentEvent.Resolved(id, CROSSED, MINUTE, MINUTE, Resolution.CLEARED),
        new IncidentEvent.Reopened(id, CROSSED),
        new FindIncidents(IncidentReport.State.OPEN, TIME, TIME, 50),
        new FindIncident(id),
        INCIDENT,
        new IncidentHistory(
            INCIDENT,
            List.of(
                new IncidentHistory.Entry(
                    0, TIME, IncidentHistory.What.OPENED, MINUTE, 0.31, null, null),
                new IncidentHistory.Entry(
                    1,
                    TIME,
                    IncidentHistory.What.ACKNOWLEDGED,
                    null,
                    null,
                    "ann",
                    "looking at it"))),
        new IncidentList(List.of(INCIDENT), 1, TIME));
  }

  static Stream<Object> deadLetterMessages() {
    var letter =
        new DeadLetterReport(
            7,
            "stats",
            2,
            "logfold.access-logs",
            3,
            4711,
            TIME,
            5,
            "it lacks the headers of an event",
            DeadLetterReport.State.PARKED,
            TIME,
            TIME);
    return Stream.of(
        new FindDeadLetters(DeadLetterReport.State.PARKED, "stats", 50, 8L),
        new FindDeadLetter(7),
        letter,
        new DeadLetterList(List.of(letter), 7L, TIME),
        new DeadLetterRecord(
            letter,
            List.of(
                new DeadLetterRecord.Header("kind", "aGVsbG8=", "hello"),
                new DeadLetterRecord.Header("nothing", null, null)),
            "aGVsbG8=",
            "hello"));
  }

  @ParameterizedTest
  @MethodSource({"messages", "alertMessages", "incidentMessages", "deadLetterMessages"})
  void writesTheFrozenJson(Object message) throws IOException {
    String written = json.writeValueAsString(message);
    Path golden = golden(message);
    if (Boolean.getBoolean("contracts.write")) {
      Files.writeString(golden, written + "\n");
    }
    assertThat(written + "\n").isEqualTo(Files.readString(golden));
  }

  @ParameterizedTest
  @MethodSource({"messages", "alertMessages", "incidentMessages", "deadLetterMessages"})
  void readsTheFrozenJson(Object message) throws IOException {
    Object read = json.readValue(Files.readString(golden(message)), message.getClass());
    assertThat(read).isEqualTo(message);
  }

  /** A log without its optional fields, as a sender of the plainest format makes it. */
  @Test
  void readsALogWithoutItsOptionalFields() throws IOException {
    AccessLog read =
        json.readValue(
            "{\"time\":\"2025-06-10T10:41:40.123Z\",\"ip\":\"::1\",\"method\":\"GET\",\"path\":\"/\","
                + "\"status\":200,\"latencyMicros\":0,\"source\":\"default\"}",
            AccessLog.class);
    assertThat(read).isEqualTo(BARE);
  }

  @Test
  void everyGoldenFileHasItsMessage() throws IOException {
    var expected = new TreeSet<String>();
    Stream.of(messages(), alertMessages(), incidentMessages(), deadLetterMessages())
        .flatMap(all -> all)
        .forEach(message -> expected.add(golden(message).getFileName().toString()));
    try (Stream<Path> files = Files.list(GOLDEN)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(expected);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path golden(Object message) {
    String name = message.getClass().getName();
    return GOLDEN.resolve(name.substring(name.lastIndexOf('.') + 1).replace('$', '.') + ".json");
  }
}
