package io.logfold.query.judging;

import static io.logfold.query.judging.Rules.on;
import static io.logfold.query.judging.Rules.over;
import static io.logfold.query.judging.Rules.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.query.judging.Windows.Measured;
import io.logfold.query.routes.RouteFigures;
import io.logfold.query.routes.RouteKey;
import io.logfold.query.routes.RouteTable.RouteReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WindowsTest {

  private static final long START = 29_000_000;

  private final TreeMap<Long, Map<RouteKey, RouteFigures>> minutes = new TreeMap<>();
  private int minutesRead;

  @Test
  void measuresAShareOfTheWindowAndNoMore() {
    RuleDefinition rule = over(3, rule(Measure.SERVER_ERROR_SHARE, 1, 0));
    given(START, key("shop", "/a"), 500, 1, 10);
    given(START + 1, key("shop", "/a"), 200, 1, 10);
    given(START + 4, key("shop", "/b"), 404, 1, 2);
    Windows windows = windows(START, rule);
    List<Measured> measured = new ArrayList<>();
    for (long minute = START; minute < START + 8; minute++) {
      windows.add(minute);
      measured.add(windows.view(rule).measured(Scope.ALL));
    }
    assertThat(measured)
        .containsExactly(
            new Measured(1, 10),
            new Measured(0.5, 20),
            new Measured(0.5, 20),
            new Measured(0, 10),
            new Measured(0, 2),
            new Measured(0, 2),
            new Measured(0, 2),
            new Measured(0, 0));
  }

  @Test
  void fillsTheWindowsOfANewRuleFromTheRows() {
    given(START - 59, key("shop", "/a"), 500, 7_000, 1);
    given(START - 3, key("shop", "/a"), 200, 9_000, 3);
    RuleDefinition shares = over(60, rule(Measure.SERVER_ERROR_SHARE, 1, 0));
    RuleDefinition latency = over(60, rule(Measure.LATENCY_P99_MILLIS, 1, 0));
    Windows windows = windows(START, shares, latency);
    windows.add(START);
    assertThat(windows.view(shares).measured(Scope.ALL)).isEqualTo(new Measured(0.25, 4));
    assertThat(windows.view(latency).measured(Scope.ALL).value()).isCloseTo(9, within(0.1));
  }

  @Test
  void readsAMinuteOnceHoweverManyRulesThereAre() {
    RuleDefinition[] rules =
        IntStream.rangeClosed(1, 100)
            .mapToObj(i -> over(10, rule(Measure.STATUS_COUNT, i, 0)))
            .toArray(RuleDefinition[]::new);
    Windows windows = windows(START, rules);
    assertThat(minutesRead).isEqualTo(9);
    for (long minute = START; minute < START + 20; minute++) {
      windows.require(List.of(rules), minute);
      windows.add(minute);
    }
    assertThat(minutesRead).isEqualTo(29);
  }

  @Test
  void leavesOutScopesBeyondTheLimit() {
    RuleDefinition rule = on(new Scope(null, "*", null), rule(Measure.LATENCY_P99_MILLIS, 1, 0));
    for (int route = 0; route < 2_100; route++) {
      given(START, key("shop", "/" + route), 200, 5_000, 1);
    }
    Windows windows = windows(START, rule);
    windows.add(START);
    assertThat(seen(windows, rule)).hasSize(2_000);
  }

  @Test
  void missesAScopeForAnHourWhenItFellSilent() {
    Scope each = new Scope("*", null, null);
    RuleDefinition tooFew = on(each, rule(Measure.REQUESTS_PER_MINUTE_BELOW, 1, 2));
    RuleDefinition tooMany = on(each, rule(Measure.REQUESTS_PER_MINUTE_ABOVE, 2, 1));
    given(START, key("shop", "/a"), 200, 1, 1);
    Windows windows = windows(START, tooFew, tooMany);
    for (long minute = START; minute < START + 61; minute++) {
      windows.add(minute);
      assertThat(seen(windows, tooFew)).hasSize(minute < START + 60 ? 1 : 0);
      assertThat(seen(windows, tooMany)).hasSize(minute == START ? 1 : 0);
    }
  }

  @Test
  void seesApartWhatAPatternAsksFor() {
    given(START, new RouteKey("shop", "/a", "GET"), 200, 1, 1);
    given(START, new RouteKey("shop", "/a", "POST"), 200, 1, 2);
    given(START, new RouteKey("shop", "/b", "GET"), 200, 1, 4);
    given(START, new RouteKey("blog", "/a", "GET"), 200, 1, 8);
    assertThat(requests(new Scope("shop", "*", null)))
        .isEqualTo(Map.of("source=shop route=/a", 3L, "source=shop route=/b", 4L));
    assertThat(requests(new Scope(null, "/a", "*")))
        .isEqualTo(Map.of("method=GET route=/a", 9L, "method=POST route=/a", 2L));
    assertThat(requests(new Scope("*", "*", "GET"))).hasSize(3);
    assertThat(requests(new Scope("shop", "/a", "GET")))
        .isEqualTo(Map.of("source=shop method=GET route=/a", 1L));
    assertThat(requests(Scope.ALL)).isEqualTo(Map.of("all", 15L));
  }

  @Test
  void measuresWhatANaiveSumWouldHoweverRulesComeAndGo() {
    long seed = Long.getLong("logfold.test.seed", 20250610L);
    System.out.println("Minutes of -Dlogfold.test.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 4; round++) {
      minutes.clear();
      givenAnything(random);
      compareWithNaive(random);
    }
  }

  private void givenAnything(Random random) {
    for (long minute = START - 300; minute < START + 150; minute++) {
      int rows = random.nextInt(3) == 0 ? 0 : random.nextInt(6);
      for (int row = 0; row < rows; row++) {
        RouteKey key =
            new RouteKey(
                "s" + random.nextInt(2),
                "/" + random.nextInt(4),
                random.nextBoolean() ? "GET" : "PUT");
        int status = new int[] {200, 404, 500, 503}[random.nextInt(4)];
        given(minute, key, status, 100L << random.nextInt(15), 1 + random.nextInt(5));
      }
    }
  }

  private void compareWithNaive(Random random) {
    Windows windows = new Windows(this::read);
    List<RuleDefinition> rules = new ArrayList<>();
    for (long minute = START; minute < START + 150; minute++) {
      if (rules.size() < 30 && random.nextInt(3) == 0) {
        rules.add(anyRule(random));
      } else if (!rules.isEmpty() && random.nextInt(20) == 0) {
        rules.remove(random.nextInt(rules.size()));
      }
      windows.require(rules, minute);
      windows.add(minute);
      for (RuleDefinition rule : rules) {
        assertAsNaive(windows, rule, minute);
      }
    }
  }

  private static RuleDefinition anyRule(Random random) {
    Measure measure = Measure.values()[random.nextInt(Measure.values().length)];
    Scope scope =
        new Scope(any(random, "s1"), any(random, "/" + random.nextInt(4)), any(random, "GET"));
    int window = new int[] {1, 2, 5, 12, 13, 15, 30, 60, 61, 240}[random.nextInt(10)];
    return over(window, on(scope, rule(measure, 1, 0)));
  }

  private static @Nullable String any(Random random, String explicit) {
    return Arrays.asList(explicit, "*", null).get(random.nextInt(3));
  }

  private void assertAsNaive(Windows windows, RuleDefinition rule, long minute) {
    Map<Scope, RouteFigures> naive = naive(rule, minute);
    Set<Scope> seen =
        new ScopePattern(rule.scope()).isEach() ? seen(windows, rule) : Set.of(rule.scope());
    assertThat(seen).as(rule.scope().key()).containsAll(naive.keySet());
    for (Scope scope : seen) {
      RouteFigures figures = naive.getOrDefault(scope, new RouteFigures());
      Measured measured = windows.view(rule).measured(scope);
      assertThat(measured.requests()).isEqualTo(figures.requests());
      assertThat(measured.value()).isEqualTo(value(rule, figures));
    }
  }

  private Map<Scope, RouteFigures> naive(RuleDefinition rule, long minute) {
    ScopePattern pattern = new ScopePattern(rule.scope());
    Map<Scope, RouteFigures> sums = new HashMap<>();
    minutes
        .subMap(minute - rule.windowMinutes() + 1, minute + 1)
        .values()
        .forEach(
            rows ->
                rows.forEach(
                    (key, figures) -> {
                      Scope scope = ScopePattern.scopeOf(key, pattern.fields());
                      if (pattern.matches(scope)) {
                        sums.computeIfAbsent(scope, each -> new RouteFigures()).merge(figures);
                      }
                    }));
    return sums;
  }

  private static double value(RuleDefinition rule, RouteFigures figures) {
    double requests = figures.requests();
    if (requests == 0) {
      return 0;
    }
    return switch (rule.measure()) {
      case SERVER_ERROR_SHARE -> figures.requestsWith(status -> status >= 500) / requests;
      case ERROR_SHARE -> figures.requestsWith(status -> status >= 400) / requests;
      case STATUS_COUNT -> figures.requestsWith(status -> status == 503);
      case LATENCY_P95_MILLIS -> figures.latencyMicros(0.95) / 1_000.0;
      case LATENCY_P99_MILLIS -> figures.latencyMicros(0.99) / 1_000.0;
      case REQUESTS_PER_MINUTE_ABOVE, REQUESTS_PER_MINUTE_BELOW -> requests / rule.windowMinutes();
    };
  }

  private Map<String, Long> requests(Scope scope) {
    RuleDefinition rule = on(scope, rule(Measure.REQUESTS_PER_MINUTE_ABOVE, 1, 0));
    Windows windows = windows(START, rule);
    windows.add(START);
    return seen(windows, rule).stream()
        .collect(
            Collectors.toMap(Scope::key, found -> windows.view(rule).measured(found).requests()));
  }

  private Windows windows(long next, RuleDefinition... rules) {
    Windows windows = new Windows(this::read);
    windows.require(Stream.of(rules).toList(), next);
    return windows;
  }

  private void given(long minute, RouteKey key, int status, long latencyMicros, int requests) {
    RouteFigures figures =
        minutes
            .computeIfAbsent(minute, each -> new HashMap<>())
            .computeIfAbsent(key, each -> new RouteFigures());
    for (int request = 0; request < requests; request++) {
      figures.add(status, latencyMicros);
    }
  }

  private static RouteKey key(String source, String route) {
    return new RouteKey(source, route, "GET");
  }

  private void read(Instant from, Instant until, RouteReader reader) {
    minutesRead += (int) Duration.between(from, until).toMinutes();
    minutes
        .subMap(minute(from), minute(until))
        .forEach(
            (minute, rows) ->
                rows.forEach(
                    (key, figures) -> {
                      RouteFigures copy = new RouteFigures();
                      copy.merge(figures);
                      reader.row(Instant.ofEpochSecond(60 * minute), key, copy);
                    }));
  }

  private static long minute(Instant time) {
    return time.getEpochSecond() / 60;
  }

  private static Set<Scope> seen(Windows windows, RuleDefinition rule) {
    Set<Scope> seen = new HashSet<>();
    windows.view(rule).forEachSeen((scope, measured) -> seen.add(scope));
    return seen;
  }
}
