package io.logfold.query.errorlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.api.errorlog.ErrorLogPage;
import io.logfold.api.errorlog.ErrorLogPage.ErrorLog;
import io.logfold.api.errorlog.FindErrorLogs;
import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorLogProjectionTest extends ProjectionTest {

  private static final Duration MILLI = Duration.ofMillis(1);

  @Test
  void storesTheLogsOfTheErrorRuleAndNoOthers() {
    List.of(100, 200, 204, 301, 304, 399, 400, 404, 418, 499, 500, 503, 599)
        .forEach(status -> given(Logs.answered(status, Logs.ok("/a"))));
    ErrorLogPage page = when(all(), ErrorLogPage.class);
    assertThat(page.logs())
        .extracting(error -> error.log().status())
        .containsExactlyInAnyOrder(400, 404, 418, 499, 500, 503, 599);
    assertThat(page.total()).isEqualTo(7);
  }

  @Test
  void answersNothingFromAnEmptyLog() {
    assertThat(when(all(), ErrorLogPage.class).logs()).isEmpty();
    assertThat(when(all(), ErrorLogPage.class).total()).isZero();
  }

  @Test
  void answersEveryFieldOfALogAsItCame() {
    AccessLog full =
        new AccessLog(
            Logs.NOW.plusMillis(123),
            "2001:db8::1",
            "POST",
            "/naïve/\uD83D\uDE80",
            503,
            1_234_567_890_123L,
            "shop",
            9_876_543_210L,
            "curl/8",
            "https://example.org/",
            "shop.example.org",
            "HTTP/2.0",
            "/naïve/{rocket}",
            "4bf92f3577b34da6");
    AccessLog bare = Logs.at(Logs.NOW, Logs.notFound("/"));
    given(full, bare);
    assertThat(logs(all())).containsExactly(full, bare);
  }

  @Test
  void numbersRowsByOffsetAndPartition() {
    givenRequest("!a", 3, Logs.notFound("/a"), Logs.ok("/b"), Logs.notFound("/c"));
    givenRequest("!b", 4095, Logs.notFound("/d"));
    assertThat(when(all(), ErrorLogPage.class).logs())
        .extracting(ErrorLog::id)
        .containsExactlyInAnyOrder(3L, 2 * 4096 + 3L, 4095L);
  }

  @Test
  void answersNewestFirstByTimeThenById() {
    Instant late = Logs.NOW.minus(Duration.ofDays(3));
    givenRequest("!a", 0, Logs.notFound("/first"), Logs.notFound("/second"));
    givenRequest("!b", 1, Logs.notFound("/beside-first"));
    givenRequest("!c", 0, Logs.at(late, Logs.notFound("/late")));
    givenRequest("!d", 1, Logs.at(Logs.NOW.plus(MILLI), Logs.notFound("/newest")));
    assertThat(paths(all()))
        .containsExactly("/newest", "/second", "/beside-first", "/first", "/late");
  }

  @Test
  void findsLogsThatCameDaysLateAtTheirOwnTime() {
    Instant late = Logs.NOW.minus(Duration.ofDays(300));
    given(Logs.notFound("/now"));
    given(Logs.at(late, Logs.notFound("/late")));
    assertThat(paths(between(late, late))).containsExactly("/late");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2001:db8::1", "2001:DB8::1", "2001:dB8::1"})
  void findsAnAddressInAnyCase(String ip) {
    given(Logs.from("2001:DB8::1", Logs.notFound("/upper")));
    given(Logs.from("2001:db8::1", Logs.notFound("/lower")));
    given(Logs.from("2001:db8::11", Logs.notFound("/longer")));
    assertThat(paths(find(ip, null, null, null, null)))
        .containsExactlyInAnyOrder("/upper", "/lower");
  }

  @Test
  void findsAStatus() {
    given(Logs.notFound("/a"), Logs.serverError("/b"));
    assertThat(paths(find(null, 500, null, null, null))).containsExactly("/b");
    assertThat(paths(find(null, 200, null, null, null))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PATCH", "patch", "Patch"})
  void findsAMethodInAnyCase(String method) {
    given(
        Logs.using("PATCH", Logs.notFound("/a")),
        Logs.using("PATCHES", Logs.notFound("/b")),
        Logs.using("GET", Logs.notFound("/c")));
    assertThat(paths(find(null, null, method, null, null))).containsExactly("/a");
  }

  @ParameterizedTest
  @CsvSource({
    "cart, /shop/Cart/7",
    "CART/, /shop/Cart/7",
    "/shop/Cart/7, /shop/Cart/7",
    "7, /shop/Cart/7",
    "%, /100%",
    "_, /a_b",
    "A_B, /a_b",
    "!, /hey!",
    "\\, '/c:\\d'",
    "!%, ",
    "\\_, ",
    "nowhere, "
  })
  void findsAPartOfThePathAnywhereInAnyCaseAndLiterally(String part, @Nullable String path) {
    for (String each : List.of("/shop/Cart/7", "/100%", "/a_b", "/axb", "/hey!", "/c:\\d")) {
      given(Logs.notFound(each));
    }
    assertThat(paths(find(null, null, null, part, null)))
        .isEqualTo(path == null ? List.of() : List.of(path));
  }

  @Test
  void findsASourceByItsWholeName() {
    given(
        Logs.of("shop", Logs.notFound("/a")),
        Logs.of("Shop", Logs.notFound("/b")),
        Logs.of("shop-2", Logs.notFound("/c")));
    assertThat(paths(find(null, null, null, null, "shop"))).containsExactly("/a");
  }

  @Test
  void includesBothEndsOfASpanOfTime() {
    Instant from = Logs.NOW.minusSeconds(60);
    given(
        Logs.at(from.minus(MILLI), Logs.notFound("/before")),
        Logs.at(from, Logs.notFound("/first")),
        Logs.at(Logs.NOW, Logs.notFound("/last")),
        Logs.at(Logs.NOW.plus(MILLI), Logs.notFound("/after")));
    assertThat(paths(between(from, Logs.NOW))).containsExactly("/last", "/first");
    assertThat(paths(between(from, null))).containsExactly("/after", "/last", "/first");
    assertThat(paths(between(null, Logs.NOW))).containsExactly("/last", "/first", "/before");
  }

  @Test
  void joinsFiltersByAnd() {
    given(
        Logs.of("shop", Logs.serverError("/cart")),
        Logs.of("blog", Logs.serverError("/cart")),
        Logs.of("shop", Logs.notFound("/cart")),
        Logs.of("shop", Logs.serverError("/home")));
    FindErrorLogs query =
        new FindErrorLogs("184.116.4.244", 500, "post", "cart", "shop", Logs.NOW, Logs.NOW, 50, 0);
    assertThat(logs(query)).containsExactly(Logs.of("shop", Logs.serverError("/cart")));
  }

  @Test
  void cutsPagesOutOfOneOrderAndCountsAllOfThem() {
    given(
        IntStream.range(0, 25)
            .mapToObj(i -> Logs.at(Logs.NOW.minusSeconds(i), Logs.notFound("/" + i)))
            .toArray(AccessLog[]::new));
    assertThat(paths(page(10, 0))).hasSize(10).startsWith("/0").endsWith("/9");
    assertThat(paths(page(10, 20))).containsExactly("/20", "/21", "/22", "/23", "/24");
    assertThat(paths(page(10, 25))).isEmpty();
    for (int offset : Set.of(0, 20, 25)) {
      assertThat(when(page(10, offset), ErrorLogPage.class).total()).isEqualTo(25);
    }
  }

  /** Days, hours and minutes are counted as one, and what is left at both ends one by one. */
  @Test
  void countsAnyTimeAsIfItCountedOneByOne() {
    Random random = Logs.random();
    AccessLog[] logs = new AccessLog[400];
    for (int i = 0; i < logs.length; i++) {
      String source = List.of("shop", "blog").get(random.nextInt(2));
      AccessLog log = random.nextBoolean() ? Logs.notFound("/") : Logs.serverError("/");
      logs[i] = Logs.of(source, Logs.at(anyTime(random), log));
    }
    givenRequest("a", 0, Arrays.copyOf(logs, 200));
    givenRequest("b", 1, Arrays.copyOfRange(logs, 200, 400));
    for (int i = 0; i < 300; i++) {
      List<Instant> ends = Stream.of(anyTime(random), anyTime(random)).sorted().toList();
      FindErrorLogs query =
          new FindErrorLogs(
              null,
              random.nextInt(3) == 0 ? 404 : null,
              null,
              null,
              random.nextInt(3) == 0 ? "shop" : null,
              random.nextInt(4) == 0 ? null : ends.get(0),
              random.nextInt(4) == 0 ? null : ends.get(1),
              1,
              0);
      assertThat(when(query, ErrorLogPage.class).total())
          .as("%s", query)
          .isEqualTo(Stream.of(logs).filter(log -> matches(log, query)).count());
    }
  }

  /** Near the ends of minutes, hours and days, and anywhere. */
  private static Instant anyTime(Random random) {
    ChronoUnit unit =
        List.of(ChronoUnit.MILLIS, ChronoUnit.MINUTES, ChronoUnit.HOURS, ChronoUnit.DAYS)
            .get(random.nextInt(4));
    Duration span =
        List.of(Duration.ofMinutes(3), Duration.ofHours(5), Duration.ofDays(4))
            .get(random.nextInt(3));
    return Logs.NOW
        .minusMillis(random.nextLong(span.toMillis()))
        .truncatedTo(unit)
        .plusMillis(random.nextInt(3) - 1);
  }

  private static boolean matches(AccessLog log, FindErrorLogs query) {
    return (query.status() == null || query.status() == log.status())
        && (query.source() == null || query.source().equals(log.source()))
        && (query.from() == null || !log.time().isBefore(query.from()))
        && (query.to() == null || !log.time().isAfter(query.to()));
  }

  @Test
  void countsOnlyWhatMatchesTheFilter() {
    given(Logs.notFound("/a"), Logs.notFound("/b"), Logs.serverError("/c"));
    ErrorLogPage page =
        when(new FindErrorLogs(null, 404, null, null, null, null, null, 1, 0), ErrorLogPage.class);
    assertThat(page.logs()).hasSize(1);
    assertThat(page.total()).isEqualTo(2);
  }

  private List<AccessLog> logs(FindErrorLogs query) {
    return when(query, ErrorLogPage.class).logs().stream().map(ErrorLog::log).toList();
  }

  private List<String> paths(FindErrorLogs query) {
    return logs(query).stream().map(AccessLog::path).toList();
  }

  private static FindErrorLogs all() {
    return page(50, 0);
  }

  private static FindErrorLogs page(int limit, int offset) {
    return new FindErrorLogs(null, null, null, null, null, null, null, limit, offset);
  }

  private static FindErrorLogs between(@Nullable Instant from, @Nullable Instant to) {
    return new FindErrorLogs(null, null, null, null, null, from, to, 50, 0);
  }

  private static FindErrorLogs find(
      @Nullable String ip,
      @Nullable Integer status,
      @Nullable String method,
      @Nullable String path,
      @Nullable String source) {
    return new FindErrorLogs(ip, status, method, path, source, null, null, 50, 0);
  }
}
