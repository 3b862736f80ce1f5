package io.logfold.query.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** What is added to rows is in their journal first. */
@TestPropertySource(properties = "logfold.routes.write-every=20s")
class RouteJournalTest extends ProjectionTest {

  private static final Instant MINUTE = Instant.parse("2025-06-10T10:41:00Z");
  private static final Duration LENGTH = Duration.ofMinutes(1);

  @Autowired private RouteTable table;

  @Test
  void answersWithWhatIsInTheJournalAlone() {
    given(Logs.ok("/a"), Logs.notFound("/a"), Logs.serverError("/b/7"));
    given(Logs.ok("/a"));
    assertThat(statuses(MINUTE))
        .isEqualTo(
            Map.of(key("/a", "GET"), Map.of(200, 2L, 404, 1L), key("/b/{id}", "POST"), once(500)));
    assertThat(rows("route_minute")).isEmpty();
    assertThat(rows("route_journal")).isNotEmpty();
  }

  @Test
  void answersWithRowsAndJournalTogether() {
    given(Logs.taking(1_000, Logs.ok("/a")), Logs.notFound("/b"));
    writeJournal();
    given(Logs.taking(9_000, Logs.ok("/a")), Logs.ok("/c"));
    Map<RouteKey, RouteFigures> read = read(MINUTE, null, null, null);
    assertThat(statuses(read))
        .isEqualTo(
            Map.of(
                key("/a", "GET"),
                Map.of(200, 2L),
                key("/b", "GET"),
                once(404),
                key("/c", "GET"),
                once(200)));
    RouteFigures merged = new RouteFigures();
    merged.add(200, 1_000);
    merged.add(200, 9_000);
    assertThat(figures(read.getOrDefault(key("/a", "GET"), new RouteFigures())))
        .isEqualTo(figures(merged));
    assertThat(rows("route_minute")).hasSize(2);
    assertThat(rows("route_journal")).isNotEmpty();
  }

  @Test
  void readsWhatIsAskedForFromTheJournalToo() {
    given(
        Logs.of("shop", Logs.ok("/a")),
        Logs.of("shop", Logs.using("PUT", Logs.ok("/a"))),
        Logs.of("Shop", Logs.ok("/a")),
        Logs.of("shop", Logs.ok("/b")),
        Logs.at(MINUTE.minusMillis(1), Logs.ok("/before")),
        Logs.at(MINUTE.plus(LENGTH), Logs.ok("/after")));
    assertThat(read(MINUTE, null, null, null)).hasSize(4);
    assertThat(read(MINUTE, "shop", null, null)).hasSize(3);
    assertThat(read(MINUTE, "shop", "/a", null)).hasSize(2);
    assertThat(read(MINUTE, "shop", "/a", "PUT")).hasSize(1);
    assertThat(read(MINUTE.minus(LENGTH), null, null, null))
        .containsOnlyKeys(key("/before", "GET"));
    assertThat(read(MINUTE.minus(LENGTH.multipliedBy(2)), null, null, null)).isEmpty();
    assertThat(read(MINUTE.plus(LENGTH.multipliedBy(2)), null, null, null)).isEmpty();
    assertThat(rows("route_minute")).isEmpty();
  }

  @Test
  void writesRowsAndEndsTheJournalWhenItsTimeIsOver() {
    given(Logs.ok("/a"));
    untilFolded();
    timeIs(Logs.NOW.plusSeconds(19));
    given(Logs.ok("/a"));
    untilFolded();
    assertThat(rows("route_minute")).isEmpty();
    timeIs(Logs.NOW.plusSeconds(20));
    given(Logs.ok("/a"));
    untilFolded();
    assertThat(rows("route_journal")).isEmpty();
    assertThat(requests()).containsExactly(3L);
    given(Logs.ok("/a"));
    assertThat(statuses(MINUTE)).isEqualTo(Map.of(key("/a", "GET"), Map.of(200, 4L)));
    assertThat(requests()).containsExactly(3L);
  }

  @Test
  void writesRowsBeforeThereAreTooManyToRemember() {
    AccessLog[] many =
        IntStream.range(0, 4_096)
            .mapToObj(i -> Logs.at(Logs.NOW.minus(LENGTH.multipliedBy(i / 512)), word(i % 512)))
            .toArray(AccessLog[]::new);
    given(many);
    untilFolded();
    given(many);
    untilFolded();
    assertThat(requests()).hasSize(4_096);
    for (int ago = 0; ago < 8; ago++) {
      assertThat(statuses(MINUTE.minus(LENGTH.multipliedBy(ago))).values())
          .hasSize(512)
          .containsOnly(Map.of(200, 2L));
    }
  }

  @Test
  void goesOnWhereAnotherWriterStopped() {
    given(Logs.ok("/a"), Logs.notFound("/a"), Logs.ok("/b"));
    writeJournal();
    given(Logs.ok("/a"), Logs.ok("/c"));
    untilFolded();
    forgetPart(0);
    given(Logs.ok("/a"), Logs.ok("/d"));
    untilFolded();
    forgetPart(0);
    given(Logs.ok("/a"));
    assertThat(statuses(MINUTE))
        .isEqualTo(
            Map.of(
                key("/a", "GET"),
                Map.of(200, 4L, 404, 1L),
                key("/b", "GET"),
                once(200),
                key("/c", "GET"),
                once(200),
                key("/d", "GET"),
                once(200)));
    assertThat(rows("route_journal")).hasSize(1);
  }

  @Test
  void countsNothingTwiceWhenATransactionFails() {
    given(Logs.ok("/a"));
    untilFolded();
    jdbc().execute("ALTER TABLE ledger RENAME TO ledger_away");
    given(Logs.ok("/a"), Logs.ok("/b"));
    jdbc().execute("ALTER TABLE ledger_away RENAME TO ledger");
    assertThat(statuses(MINUTE))
        .isEqualTo(Map.of(key("/a", "GET"), Map.of(200, 2L), key("/b", "GET"), once(200)));
  }

  @Test
  void writesTheSameRowsWheneverTheJournalEnds() {
    Random random = Logs.random();
    for (int part = 0; part < 4; part++) {
      for (int request = 0; request < 6; request++) {
        givenRequest("!" + part + request, part, random(random, 300));
        untilFolded();
        timeIs(Logs.NOW.plusSeconds(random.nextInt(60)));
        if (random.nextInt(4) == 0) {
          forgetPart(part);
        }
      }
    }
    writeJournal();
    List<String> rows = rows("route_minute");
    assertThat(rows("route_journal")).isEmpty();
    replay("routes");
    writeJournal();
    assertThat(rows("route_minute")).isEqualTo(rows);
    assertThat(rows).hasSizeGreaterThan(1_000);
  }

  @Test
  void forgetsTheJournalWhenEverythingIsFoldedAgain() {
    given(Logs.ok("/a"));
    untilFolded();
    replay("routes");
    assertThat(statuses(MINUTE)).isEqualTo(Map.of(key("/a", "GET"), once(200)));
  }

  @Test
  void writesNoMinuteThatWouldBeDropped() {
    given(Logs.at(Instant.parse("2025-06-08T10:59:59Z"), Logs.ok("/dropped")), Logs.ok("/kept"));
    untilFolded();
    timeIs(Logs.NOW.plus(Duration.ofHours(1)));
    given(Logs.ok("/kept"));
    untilFolded();
    assertThat(rows("route_minute")).hasSize(1).allMatch(row -> row.contains("/kept"));
    assertThat(rows("route_journal")).isEmpty();
  }

  /** Every partition that has anything in its journal writes it. */
  private void writeJournal() {
    untilFolded();
    for (Integer part :
        jdbc().queryForList("SELECT DISTINCT part FROM route_journal", Integer.class)) {
      forgetPart(part);
      givenRequest("!write" + part, part, Logs.at(Instant.EPOCH, Logs.ok("/too-old")));
    }
    untilFolded();
  }

  private List<Long> requests() {
    return jdbc().queryForList("SELECT requests FROM route_minute", Long.class);
  }

  private Map<RouteKey, Map<Integer, Long>> statuses(Instant minute) {
    return statuses(read(minute, null, null, null));
  }

  private static Map<RouteKey, Map<Integer, Long>> statuses(Map<RouteKey, RouteFigures> read) {
    Map<RouteKey, Map<Integer, Long>> statuses = new HashMap<>();
    read.forEach((key, figures) -> statuses.put(key, figures.byStatus()));
    return statuses;
  }

  private static Map<Integer, Long> once(int status) {
    return Map.of(status, 1L);
  }

  private static List<Object> figures(RouteFigures figures) {
    return List.of(
        figures.requests(),
        figures.byStatus(),
        figures.latencySumMicros(),
        figures.latencyMaxMicros(),
        figures.latencyMicros(0.5),
        figures.latencyMicros(1));
  }

  private Map<RouteKey, RouteFigures> read(
      Instant minute, String source, String route, String method) {
    untilFolded();
    Map<RouteKey, RouteFigures> read = new HashMap<>();
    table.read(
        minute,
        minute.plus(LENGTH),
        source,
        route,
        method,
        (start, key, figures) -> assertThat(read.put(key, figures)).as("%s", key).isNull());
    return read;
  }

  private static RouteKey key(String route, String method) {
    return new RouteKey("default", route, method);
  }

  private static AccessLog word(int number) {
    return Logs.ok("/w" + Integer.toString(number, 26) + "x");
  }

  private static AccessLog[] random(Random random, int number) {
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
