package io.logfold.query.judging;

import static io.logfold.query.judging.Rules.holding;
import static io.logfold.query.judging.Rules.on;
import static io.logfold.query.judging.Rules.over;
import static io.logfold.query.judging.Rules.rule;
import static io.logfold.query.judging.Rules.serverErrors;
import static io.logfold.query.judging.Rules.withAtLeast;
import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.api.alerts.Evidence.Count;
import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.PreviewAlertRule;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.RulePreview;
import io.logfold.api.alerts.Scope;
import io.logfold.api.alerts.ThresholdEvent;
import io.logfold.api.ingest.LogReceived;
import io.logfold.query.Logs;
import io.logfold.query.alertrules.ActiveRule;
import io.logfold.query.errorlog.ErrorLogTable;
import io.logfold.query.fold.FoldProgress;
import io.logfold.query.fold.Generations;
import io.logfold.query.fold.ProjectionTest;
import io.logfold.query.routes.RouteTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.transaction.support.TransactionTemplate;

/** Given logs and rules, when minutes close, expect what is told. */
class JudgingTest extends ProjectionTest {

  private static final Instant START = Logs.NOW.truncatedTo(ChronoUnit.MINUTES);
  private static final Duration GRACE = Duration.ofSeconds(10);

  @Autowired private JudgingTable table;
  @Autowired private RouteTable routes;
  @Autowired private ErrorLogTable errors;
  @Autowired private Generations generations;
  @Autowired private FoldProgress fold;
  @Autowired private TransactionTemplate transaction;
  @Autowired private Clock clock;

  @Autowired
  @Qualifier("eventSerializer")
  private Serializer serializer;

  private final List<ActiveRule> rules = new ArrayList<>();
  private final List<ThresholdEvent> told = new ArrayList<>();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private boolean mute;
  private boolean rulesAreWhole = true;
  private Judging node;

  @BeforeEach
  void beginAsIfForTheFirstTime() {
    jdbc().update("UPDATE judging SET judged_until = NULL");
    jdbc().update("DELETE FROM judging_state");
    jdbc().update("DELETE FROM judging_finding");
    node = node();
    node.run();
  }

  @Test
  void tellsWhenAThresholdIsCrossedAndWhenItIsCleared() {
    given("errors", serverErrors());
    givenMinute(0, 9, 1);
    givenMinute(1, 10, 0);
    closes(0);
    closes(1);
    closes(2);
    assertThat(names())
        .containsExactly("crossed errors all 0 0.1 of 10", "cleared errors all 1 0.0 of 10");
    assertThat(rows("judging_state")).isEmpty();
    assertThat(rows("judging_finding")).isEmpty();
  }

  @Test
  void givesWhatACrossingNeedsToBeUnderstood() {
    RuleDefinition rule = over(2, on(new Scope("shop", null, null), serverErrors()));
    given("errors", rule);
    givenLogs(
        0,
        failed("10.0.0.1", 503, "/cart"),
        failed("10.0.0.2", 503, "/cart"),
        failed("10.0.0.2", 500, "/pay"),
        failed("10.0.0.2", 500, "/cart"),
        Logs.of("shop", Logs.answered(404, Logs.ok("/none"))),
        Logs.of("blog", Logs.serverError("/blog")));
    closes(0);
    ThresholdEvent.Crossed crossed = (ThresholdEvent.Crossed) told.get(0);
    assertThat(crossed.rule()).isEqualTo(rule);
    assertThat(crossed.value()).isEqualTo(0.8);
    assertThat(crossed.requests()).isEqualTo(5);
    assertThat(crossed.evidence().routes())
        .containsExactly(new Count("/cart", 3), new Count("/pay", 1));
    assertThat(crossed.evidence().statuses())
        .containsExactly(new Count("500", 2), new Count("503", 2));
    assertThat(crossed.evidence().clients())
        .containsExactly(new Count("10.0.0.2", 3), new Count("10.0.0.1", 1));
    assertThat(crossed.evidence().samples()).hasSize(3);
  }

  @Test
  void showsSamplesOfTheRouteAndMethodThatCrossed() {
    given("errors", on(new Scope(null, "*", "*"), serverErrors()));
    givenLogs(
        0,
        Logs.using("PUT", failed("10.0.0.1", 503, "/users/123")),
        Logs.using("GET", failed("10.0.0.2", 503, "/users/124")),
        Logs.using("GET", failed("10.0.0.3", 503, "/users")));
    closes(0);
    assertThat(told)
        .filteredOn(event -> event.scope().equals(new Scope(null, "/users/{id}", "GET")))
        .singleElement()
        .satisfies(
            event ->
                assertThat(((ThresholdEvent.Crossed) event).evidence().samples())
                    .extracting(AccessLog::path)
                    .containsExactly("/users/124"));
  }

  @Test
  void waitsForTheGraceOfAMinute() {
    given("errors", serverErrors());
    givenMinute(0, 0, 5);
    timeIs(minute(1).plus(GRACE).minusMillis(1));
    untilFolded();
    node.run();
    assertThat(told).isEmpty();
    closes(0);
    assertThat(told).hasSize(1);
  }

  @Test
  void countsALogThatCameWithinTheGrace() {
    given("errors", serverErrors());
    givenMinute(0, 9, 0);
    timeIs(minute(1).plus(GRACE).minusMillis(1));
    given(Logs.at(minute(0), Logs.serverError("/late")));
    closes(0);
    assertThat(names()).containsExactly("crossed errors all 0 0.1 of 10");
  }

  @Test
  void beginsWithTheMinuteOfTheFirstStart() {
    given("errors", holding(2, 1, over(2, serverErrors())));
    givenMinute(-2, 0, 5);
    givenMinute(-1, 0, 5);
    closes(0);
    assertThat(told).isEmpty(); // but the window of the first minute is full
    assertThat(rows("judging_state")).hasSize(1);
    closes(1);
    assertThat(told).isEmpty();
  }

  @Test
  void waitsWhileTheFoldIsBehindAndThenJudgesEveryMinute() {
    given("errors", serverErrors());
    givenMinute(0, 1, 0);
    givenUnread(3);
    closes(0);
    closes(1);
    closes(2);
    assertThat(judgedUntil()).isEqualTo(minute(0));
    AccessLog late = Logs.at(minute(1), Logs.serverError("/late"));
    givenEvent(3, minute(0).plusSeconds(30), new LogReceived("!late", 1, null, late));
    closes(2);
    assertThat(names())
        .containsExactly("crossed errors all 1 1.0 of 1", "cleared errors all 2 0.0 of 0");
    assertThat(judgedUntil()).isEqualTo(minute(3));
  }

  @Test
  void waitsForNothingThatWasAppendedAfterTheGrace() {
    given("errors", serverErrors());
    givenMinute(0, 1, 0);
    timeIs(minute(1).plus(GRACE));
    givenUnread(3); // appended at the end of the grace: not the minute's
    untilFolded();
    node.run();
    assertThat(judgedUntil()).isEqualTo(minute(1));
  }

  @Test
  void tellsTheSameAgainWhenTellingFailed() {
    given("errors", serverErrors());
    givenMinute(0, 1, 1);
    mute = true;
    closes(0);
    List<ThresholdEvent> lost = List.copyOf(told);
    told.clear();
    given(Logs.at(minute(0), Logs.ok("/came-late")));
    mute = false;
    node = node();
    closes(1);
    assertThat(lost).hasSize(1);
    assertThat(told).hasSize(2).first().isEqualTo(lost.get(0));
    assertThat(names().get(1)).startsWith("cleared");
  }

  @Test
  void judgesNothingFurtherWhileNobodyCanBeTold() {
    given("errors", serverErrors());
    givenMinute(0, 0, 1);
    mute = true;
    closes(0);
    closes(1);
    closes(2);
    assertThat(judgedUntil()).isEqualTo(minute(1));
    mute = false;
    closes(2);
    assertThat(told.stream().map(ThresholdEvent::id).distinct())
        .containsExactly("errors all " + minute(0), "errors all " + minute(1));
  }

  @Test
  void tellsNothingTwiceAfterARestart() {
    given("errors", serverErrors());
    givenMinute(0, 1, 1);
    givenMinute(1, 1, 1);
    givenMinute(2, 2, 0);
    closes(0);
    node = node();
    closes(1);
    node = node();
    closes(2);
    assertThat(names())
        .containsExactly("crossed errors all 0 0.5 of 2", "cleared errors all 2 0.0 of 2");
  }

  @Test
  void takesOverFromAnotherNodeAndBack() {
    given("errors", holding(2, 2, over(3, serverErrors())));
    Judging other = node();
    for (int minute = 0; minute < 3; minute++) {
      givenMinute(minute, 1, 1);
    }
    for (int minute = 0; minute < 8; minute++) {
      closed(minute);
      (minute % 2 == 0 ? node : other).run();
    }
    assertThat(names())
        .containsExactly("crossed errors all 1 0.5 of 4", "cleared errors all 6 0.0 of 0");
    assertThat(told).hasSize(2);
  }

  @Test
  void leavesJudgingToWhoeverHoldsTheLock() {
    given("errors", serverErrors());
    givenMinute(0, 0, 1);
    closed(0);
    transaction.executeWithoutResult(
        status -> {
          assertThat(table.lock()).isPresent();
          runInAnotherThread();
        });
    assertThat(told).isEmpty();
    assertThat(judgedUntil()).isEqualTo(minute(0));
    node.run();
    assertThat(told).hasSize(1);
  }

  @Test
  void judgesTheLastHourAfterADowntimeAndNoMore() {
    given("errors", holding(2, 1, serverErrors()));
    given("open", serverErrors());
    givenMinute(0, 0, 1);
    closes(0);
    assertThat(names()).containsExactly("crossed open all 0 1.0 of 1");
    givenMinute(1, 0, 1);
    givenMinute(40, 0, 1);
    givenMinute(100, 0, 1);
    givenMinute(101, 0, 1); // the first in a row again
    closes(160);
    assertThat(names())
        .containsExactly("crossed open all 0 1.0 of 1", "cleared open all 102 0.0 of 0");
    assertThat(judgedUntil()).isEqualTo(minute(161));
  }

  @Test
  void forgetsARuleThatIsGoneInSilence() {
    given("errors", serverErrors());
    givenMinute(0, 0, 1);
    closes(0);
    rules.clear();
    closes(1);
    assertThat(told).hasSize(1);
    assertThat(rows("judging_state")).isEmpty();
  }

  @Test
  void waitsWhileTheRulesAreFilledAnew() {
    given("errors", serverErrors());
    givenMinute(0, 0, 1);
    closes(0);
    rulesAreWhole = false;
    closes(1);
    assertThat(judgedUntil()).isEqualTo(minute(1));
    rulesAreWhole = true;
    closes(1);
    assertThat(names())
        .containsExactly("crossed errors all 0 1.0 of 1", "cleared errors all 1 0.0 of 0");
  }

  @Test
  void keepsOpenWhatAChangedRuleStillMeansAndClearsTheRest() {
    given("errors", holding(1, 2, on(new Scope("*", null, null), serverErrors())));
    givenLogs(0, Logs.of("shop", Logs.serverError("/a")), Logs.of("blog", Logs.serverError("/a")));
    closes(0);
    assertThat(told).hasSize(2);
    closes(1); // the first of two minutes in a row
    rules.clear();
    given("errors", holding(1, 2, on(new Scope("shop", null, null), serverErrors())));
    node = node();
    closes(2);
    closes(3);
    assertThat(names().subList(2, told.size()))
        .containsExactly(
            "cleared errors source=blog 2 0.0 of 0", "cleared errors source=shop 3 0.0 of 0");
  }

  @Test
  void tellsNothingWhenOnlyTheNameOfARuleChanged() {
    given("errors", serverErrors());
    givenMinute(0, 0, 1);
    givenMinute(1, 0, 1);
    closes(0);
    rules.clear();
    RuleDefinition rule = serverErrors();
    given(
        "errors",
        new RuleDefinition(
            "Another name",
            rule.scope(),
            rule.measure(),
            null,
            1,
            rule.opensAt(),
            rule.closesAt(),
            0,
            1,
            1,
            30,
            List.of()));
    closes(1);
    assertThat(told).hasSize(1);
  }

  @Test
  void judgesNoMinuteAgainWhenTheRoutesAreFoldedAnew() {
    given("errors", serverErrors());
    givenMinute(0, 0, 1);
    closes(0);
    replay("routes");
    closes(0);
    assertThat(told).hasSize(1);
    assertThat(judgedUntil()).isEqualTo(minute(1));
  }

  /** Webhooks are the write side's, which no replay reaches; it is told by these events alone. */
  @Test
  void tellsNothingWhenEveryReadModelIsRebuiltOverTheApiAndGoneBackFrom() {
    given("errors", serverErrors());
    givenMinute(0, 9, 1);
    closes(0);
    List<String> before = names();
    for (String projection : List.of("stats", "error-log", "routes")) {
      String id = rebuilt(projection);
      node.run();
      assertThat(http().post().uri("/replays/" + id + "/rollback")).hasStatusOk();
      node = node();
      node.run();
    }
    assertThat(names()).isEqualTo(before);
    assertThat(judgedUntil()).isEqualTo(minute(1));
    closes(1);
    assertThat(names()).hasSize(before.size() + 1).last().asString().startsWith("cleared");
  }

  private String rebuilt(String projection) {
    var asked =
        http()
            .post()
            .uri("/replays")
            .contentType(MediaType.APPLICATION_JSON)
            .content("{\"projection\": \"%s\", \"switch\": \"when-ready\"}".formatted(projection))
            .exchange();
    assertThat(asked).hasStatus(202);
    String path = String.valueOf(asked.getResponse().getHeader("Location"));
    String id = path.substring(path.lastIndexOf('/') + 1);
    untilReplay(() -> id.equals(generations.answering(projection).fold().id()));
    return id;
  }

  @Test
  void showsHowFarItIs() {
    given("errors", serverErrors());
    givenMinute(0, 0, 1);
    closes(0);
    assertThat(metrics.get("logfold.judging.lag").gauge().value()).isEqualTo(10);
    assertThat(metrics.get("logfold.judging.minutes").timer().count()).isEqualTo(1);
    assertThat(metrics.get("logfold.judging.findings").tag("kind", "crossed").counter().count())
        .isEqualTo(1);
  }

  @Test
  void previewsWhatIsThenTold() {
    Random random = Logs.random();
    int minutes = 40;
    for (int rule = 0; rule < 12; rule++) {
      given("rule-" + rule, anyRule(random));
    }
    for (int minute = 0; minute < minutes; minute++) {
      givenLogs(minute, anyLogs(random));
    }
    for (int minute = 0; minute < minutes; minute++) {
      if (random.nextInt(5) == 0) {
        node = node();
      }
      if (random.nextInt(3) > 0) {
        closes(minute);
      }
    }
    closes(minutes - 1);
    assertThat(told).hasSizeGreaterThan(10);
    for (ActiveRule rule : rules) {
      RulePreview preview =
          when(new PreviewAlertRule(rule.rule(), minute(0), minute(minutes)), RulePreview.class);
      assertThat(preview.minutes()).isEqualTo(minutes);
      assertThat(sorted(preview.findings())).isEqualTo(sorted(findings(rule.ruleId())));
    }
  }

  private List<RulePreview.Finding> findings(String ruleId) {
    return told.stream()
        .filter(event -> event.ruleId().equals(ruleId))
        .map(
            event ->
                event instanceof ThresholdEvent.Crossed crossed
                    ? finding(crossed, true, crossed.value(), crossed.requests())
                    : finding(
                        event,
                        false,
                        ((ThresholdEvent.Cleared) event).value(),
                        ((ThresholdEvent.Cleared) event).requests()))
        .toList();
  }

  private static RulePreview.Finding finding(
      ThresholdEvent event, boolean crossed, double value, long requests) {
    return new RulePreview.Finding(event.scope(), event.minute(), crossed, value, requests);
  }

  /** By minute already; the scopes of a minute stand in no order. */
  private static List<RulePreview.Finding> sorted(List<RulePreview.Finding> findings) {
    return findings.stream()
        .sorted(
            Comparator.comparing(RulePreview.Finding::minute)
                .thenComparing(finding -> finding.scope().key()))
        .toList();
  }

  private static RuleDefinition anyRule(Random random) {
    Measure measure = Measure.values()[random.nextInt(Measure.values().length)];
    double opensAt =
        switch (measure) {
          case SERVER_ERROR_SHARE, ERROR_SHARE -> 0.3;
          case STATUS_COUNT, REQUESTS_PER_MINUTE_ABOVE, REQUESTS_PER_MINUTE_BELOW -> 2;
          case LATENCY_P95_MILLIS, LATENCY_P99_MILLIS -> 500;
        };
    double closesAt = measure.opensBelow() ? 2.5 : opensAt * 0.7;
    Scope scope =
        new Scope(
            Arrays.asList("shop", "*", null).get(random.nextInt(3)),
            Arrays.asList("/a", "*", null).get(random.nextInt(3)),
            Arrays.asList("GET", "*", null).get(random.nextInt(3)));
    RuleDefinition rule = on(scope, rule(measure, opensAt, closesAt));
    return withAtLeast(
        random.nextInt(3),
        holding(
            1 + random.nextInt(2),
            1 + random.nextInt(3),
            over(new int[] {1, 3, 15, 20}[random.nextInt(4)], rule)));
  }

  private static AccessLog[] anyLogs(Random random) {
    AccessLog[] logs = new AccessLog[random.nextInt(12)];
    for (int i = 0; i < logs.length; i++) {
      int status = new int[] {200, 200, 404, 500, 503}[random.nextInt(5)];
      AccessLog log = Logs.answered(status, Logs.ok(random.nextBoolean() ? "/a" : "/b"));
      logs[i] =
          Logs.of(
              random.nextBoolean() ? "shop" : "blog",
              Logs.using(
                  random.nextBoolean() ? "GET" : "POST",
                  Logs.taking(1_000L << random.nextInt(11), log)));
    }
    return logs;
  }

  private Judging node() {
    return new Judging(
        table,
        () -> rulesAreWhole ? Optional.of(List.copyOf(rules)) : Optional.empty(),
        routes,
        errors,
        generations,
        fold,
        events -> {
          events.forEach(event -> told.add((ThresholdEvent) event.getPayload()));
          if (mute) {
            throw new IllegalStateException("Nobody answers whether it is stored.");
          }
        },
        serializer,
        transaction,
        new JudgingMeters(metrics, clock),
        new JudgingProperties(GRACE, Duration.ofHours(1), Duration.ofSeconds(2)),
        clock);
  }

  private void runInAnotherThread() {
    Thread thread = new Thread(node::run);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void given(String ruleId, RuleDefinition rule) {
    rules.add(new ActiveRule(ruleId, rule));
  }

  private void givenMinute(int minute, int ok, int failed) {
    AccessLog[] logs = new AccessLog[ok + failed];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = i < ok ? Logs.ok("/a") : Logs.serverError("/a");
    }
    givenLogs(minute, logs);
  }

  /** Logs of a minute, on the log half a minute later. */
  private void givenLogs(int minute, AccessLog... logs) {
    timeIs(minute(minute).plusSeconds(30));
    for (int i = 0; i < logs.length; i++) {
      AccessLog log = logs[i];
      logs[i] = Logs.of(log.source(), Logs.at(minute(minute).plusSeconds(i % 60), log));
    }
    given(logs);
  }

  private static AccessLog failed(String ip, int status, String path) {
    return Logs.of("shop", Logs.answered(status, Logs.from(ip, Logs.serverError(path))));
  }

  private void closes(int minute) {
    closed(minute);
    node.run();
  }

  /** Its grace is over, and what is on the log is folded. */
  private void closed(int minute) {
    timeIs(minute(minute + 1).plus(GRACE));
    untilFolded();
  }

  private Instant judgedUntil() {
    return table.judged().next();
  }

  private static Instant minute(int minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  private List<String> names() {
    return told.stream()
        .map(
            event ->
                event instanceof ThresholdEvent.Crossed crossed
                    ? name("crossed", event, crossed.value(), crossed.requests())
                    : name(
                        "cleared",
                        event,
                        ((ThresholdEvent.Cleared) event).value(),
                        ((ThresholdEvent.Cleared) event).requests()))
        .toList();
  }

  private static String name(String what, ThresholdEvent event, double value, long requests) {
    long minute = Duration.between(START, event.minute()).toMinutes();
    return what + " " + event.alarm() + " " + minute + " " + value + " of " + requests;
  }
}
