package io.logfold.query.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logfold.api.AccessLog;
import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = "logfold.routes.rules[0]=/users/{name}/orders")
class RouteProjectionTest extends ProjectionTest {

  private static final Instant MINUTE = Instant.parse("2025-06-10T10:41:00Z");
  private static final Duration LENGTH = Duration.ofMinutes(1);

  @Autowired private RouteTable table;
  @Autowired private RouteProjection projection;

  @Test
  void countsRequestsStatusesAndLatenciesByRoute() {
    given(
        Logs.taking(1_000, Logs.ok("/users/1")),
        Logs.taking(2_000, Logs.ok("/users/2")),
        Logs.taking(6_001, Logs.notFound("/users/3")),
        Logs.taking(999_000, Logs.serverError("/users/4")));
    Map<RouteKey, RouteFigures> minute = minute();
    assertThat(minute).containsOnlyKeys(get("/users/{id}"), key("/users/{id}", "POST"));
    RouteFigures figures = minute.get(get("/users/{id}"));
    assertThat(figures.requests()).isEqualTo(3);
    assertThat(figures.byStatus()).isEqualTo(Map.of(200, 2L, 404, 1L));
    assertThat(figures.requestsWith(status -> status >= 400)).isEqualTo(1);
    assertThat((double) figures.latencyMicros(0.5)).isCloseTo(2_000, within(20.0));
    assertThat((double) figures.latencyMicros(1)).isCloseTo(6_001, within(61.0));
    assertThat(minute.get(key("/users/{id}", "POST")).byStatus()).isEqualTo(Map.of(500, 1L));
    assertThat(rows("route_minute")).hasSize(3);
  }

  @Test
  void believesTheSenderFirstTheRulesThenAndItsOwnEyesLast() {
    given(
        Logs.routed("/buy", Logs.ok("/users/1/orders")),
        Logs.ok("/users/1/orders"),
        Logs.ok("/users/1/carts"));
    assertThat(minute())
        .containsOnlyKeys(get("/buy"), get("/users/{name}/orders"), get("/users/{id}/carts"));
  }

  @Test
  void writesMethodsInUpperCaseAndOnlyThoseThereAre() {
    given(
        Logs.using("post", Logs.ok("/a")),
        Logs.using("PROPFIND", Logs.ok("/a")),
        Logs.using("FROBNICATE", Logs.ok("/a")),
        Logs.using("UPDATEREDIRECTREF", Logs.ok("/a")));
    assertThat(minute())
        .containsOnlyKeys(key("/a", "POST"), key("/a", "PROPFIND"), key("/a", "(other)"));
  }

  @Test
  void mergesPartitionsAndClassesOfStatus() {
    for (int part = 0; part < 4; part++) {
      givenRequest("!" + part, part, Logs.ok("/a/" + part), Logs.notFound("/a/" + part));
    }
    assertThat(minute()).containsOnlyKeys(get("/a/{id}"));
    assertThat(minute().get(get("/a/{id}")).byStatus()).isEqualTo(Map.of(200, 4L, 404, 4L));
    assertThat(rows("route_minute")).hasSize(8);
  }

  @Test
  void readsWhatIsAskedForAndNoMinuteBeside() {
    given(
        Logs.of("shop", Logs.ok("/a")),
        Logs.of(" shop ", Logs.ok("/b")),
        Logs.of("Shop", Logs.ok("/a")),
        Logs.of("shop", Logs.using("PUT", Logs.ok("/a"))),
        Logs.at(MINUTE.minusMillis(1), Logs.ok("/before")),
        Logs.at(MINUTE.plus(LENGTH), Logs.ok("/after")));
    assertThat(minute()).hasSize(4);
    assertThat(read(MINUTE, MINUTE.plus(LENGTH), "shop", null, null)).hasSize(3);
    assertThat(read(MINUTE, MINUTE.plus(LENGTH), "shop", "/a", null)).hasSize(2);
    assertThat(read(MINUTE, MINUTE.plus(LENGTH), "shop", "/a", "PUT")).hasSize(1);
    assertThat(read(MINUTE, MINUTE.plus(LENGTH), null, "/a", "GET")).hasSize(2);
    assertThat(read(MINUTE, MINUTE, null, null, null)).isEmpty();
  }

  @Test
  void readsMinutesOfADayInOrderAndEachOnce() {
    Random random = Logs.random();
    long[] minutesAgo = IntStream.range(0, 500).mapToLong(i -> random.nextInt(1_440)).toArray();
    given(
        Arrays.stream(minutesAgo)
            .mapToObj(ago -> Logs.at(Logs.NOW.minus(LENGTH.multipliedBy(ago)), Logs.ok("/a")))
            .toArray(AccessLog[]::new));
    untilFolded();
    Map<Instant, Long> expected = new TreeMap<>();
    for (long ago : minutesAgo) {
      expected.merge(MINUTE.minus(LENGTH.multipliedBy(ago)), 1L, Long::sum);
    }
    Map<Instant, Long> read = new LinkedHashMap<>();
    table.read(
        MINUTE.minus(Duration.ofDays(1)),
        MINUTE.plus(LENGTH),
        null,
        null,
        null,
        (minute, key, figures) ->
            assertThat(read.put(minute, figures.requests())).as("%s", minute).isNull());
    assertThat(read).containsExactlyEntriesOf(expected);
  }

  @Test
  void goesOnWithTheRowsOfAMinuteAfterARestart() {
    given(Logs.ok("/a"), Logs.notFound("/a"), Logs.ok("/b"));
    untilFolded();
    forgetPart(0);
    given(Logs.ok("/a"), Logs.ok("/c"));
    assertThat(minute().get(get("/a")).byStatus()).isEqualTo(Map.of(200, 2L, 404, 1L));
    assertThat(minute()).containsOnlyKeys(get("/a"), get("/b"), get("/c"));
  }

  @Test
  void readsRowsBackThatWerePutAwayWhenLateLogsCome() {
    AccessLog[] many =
        IntStream.range(0, 9_000)
            .mapToObj(i -> Logs.at(Logs.NOW.minus(LENGTH.multipliedBy(i / 900)), word(i % 900)))
            .toArray(AccessLog[]::new);
    given(many);
    untilFolded();
    given(many);
    untilFolded();
    List<Long> counts = jdbc().queryForList("SELECT requests FROM route_minute", Long.class);
    assertThat(counts).hasSize(9_000).containsOnly(2L);
  }

  @Test
  void foldsTheSameRowsAgain() {
    for (int part = 0; part < 4; part++) {
      givenRequest("!" + part, part, random(1_500));
    }
    untilFolded();
    List<String> rows = rows("route_minute");
    List<String> known = rows("route_known");
    replay("routes");
    assertThat(rows("route_minute")).isEqualTo(rows);
    assertThat(rows("route_known")).isEqualTo(known);
    assertThat(rows).hasSizeGreaterThan(1_000);
  }

  @Test
  void dropsMinutesAfterTwoDays() {
    Instant kept = Instant.parse("2025-06-08T10:00:00Z");
    timeIs(Logs.NOW.minus(Duration.ofHours(1)));
    given(Logs.at(kept.minusMillis(1), Logs.ok("/dropped")), Logs.at(kept, Logs.ok("/kept")));
    untilFolded();
    assertThat(rows("route_minute")).hasSize(2);
    timeIs(Logs.NOW);
    projection.pruneMinutes();
    assertThat(rows("route_minute")).hasSize(1).allMatch(row -> row.contains("/kept"));
  }

  @Test
  void namesTheRoutesOfOldLogsButWritesNoMinutesThatWouldBeDropped() {
    given(Logs.at(Logs.NOW.minus(Duration.ofDays(30)), Logs.ok("/old")), Logs.ok("/new"));
    untilFolded();
    assertThat(rows("route_minute")).hasSize(1).allMatch(row -> row.contains("/new"));
    assertThat(rows("route_known")).hasSize(2);
  }

  private Map<RouteKey, RouteFigures> minute() {
    return read(MINUTE, MINUTE.plus(LENGTH), null, null, null);
  }

  private Map<RouteKey, RouteFigures> read(
      Instant from, Instant until, String source, String route, String method) {
    untilFolded();
    Map<RouteKey, RouteFigures> read = new LinkedHashMap<>();
    table.read(
        from,
        until,
        source,
        route,
        method,
        (minute, key, figures) -> assertThat(read.put(key, figures)).as("%s", key).isNull());
    return read;
  }

  private static RouteKey get(String route) {
    return key(route, "GET");
  }

  private static RouteKey key(String route, String method) {
    return new RouteKey("default", route, method);
  }

  /** A log of one of many routes. */
  private static AccessLog word(int number) {
    return Logs.ok("/w" + Integer.toString(number, 26) + "x");
  }

  private static AccessLog[] random(int number) {
    Random random = Logs.random();
    int[] statuses = {200, 200, 204, 301, 404, 500, 503};
    return IntStream.range(0, number)
        .mapToObj(
            i ->
                Logs.at(
                    Logs.NOW.minusSeconds(random.nextInt(600)),
                    Logs.taking(
                        Math.round(Math.exp(random.nextGaussian() + 10)),
                        Logs.answered(
                            statuses[random.nextInt(statuses.length)], word(random.nextInt(40))))))
        .toArray(AccessLog[]::new);
  }
}
