package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logfold.api.ingest.LogReceived;
import io.logfold.query.Logs;
import io.logfold.query.QuerySideApplication;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.StreamableMessageSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Several starts on one database and one log, with another error rule each. */
class RuleChangeTest {

  private final String database =
      "jdbc:h2:mem:"
          + UUID.randomUUID()
          + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1";
  private final GivenLog log = new GivenLog();
  private long nextOffset;

  @Test
  void leavesExactlyTheRowsOfTheNewRuleAndStatisticsAlone() {
    givenStatuses(200, 400, 404, 500, 503, 404);
    try (ConfigurableApplicationContext app = startedWith("404,500")) {
      assertThat(storedStatuses(app)).containsExactly(404, 404, 500);
      jdbc(app).update("UPDATE error_log SET host = 'of the old rule'");
      jdbc(app).update("UPDATE stats_hour SET latency_max = 77000000");
    }
    givenStatuses(200, 599);
    try (ConfigurableApplicationContext app = startedWith("400-403,500-599")) {
      assertThat(storedStatuses(app)).containsExactly(400, 500, 503, 599);
      assertThat(
              count(
                  app,
                  "SELECT COUNT(*) FROM error_log WHERE host = 'of the old rule' AND generation = 2"))
          .isZero();
      assertThat(count(app, "SELECT SUM(requests) FROM stats_hour")).isEqualTo(8);
      assertThat(count(app, "SELECT MAX(latency_max) FROM stats_hour")).isEqualTo(77_000_000);
    }
  }

  @Test
  void saysExactlyWhichRowsANewRuleTakesAway() {
    givenStatuses(200, 400, 404, 500, 503, 404);
    startedWith("400-599").close();
    try (ConfigurableApplicationContext app = startedWith("404,500")) {
      GenerationDiff diff =
          app.getBeansOfType(Projection.class).values().stream()
              .filter(projection -> projection.name().equals("error-log"))
              .findFirst()
              .orElseThrow()
              .compare(1, 2);
      assertThat(diff.isEqual()).isFalse();
      assertThat(diff.figures())
          .filteredOn(figure -> figure.before() != figure.after())
          .extracting(GenerationDiff.Figure::name)
          .containsExactly("rows of status 400", "rows of status 503", "rows of 2025-06-10");
      GenerationDiff.Rows rows = diff.rows().get(0);
      assertThat(rows.onlyBefore()).isEqualTo(2);
      assertThat(rows.onlyAfter()).isZero();
      assertThat(rows.changed()).isZero();
      assertThat(rows.examplesBefore()).anyMatch(row -> row.contains("status 400")).hasSize(2);
    }
  }

  @Test
  void foldsNothingAgainUnderTheSameRule() {
    givenStatuses(404);
    try (ConfigurableApplicationContext app = startedWith("404,500")) {
      assertThat(storedStatuses(app)).containsExactly(404);
      jdbc(app).update("UPDATE error_log SET host = 'untouched'");
    }
    givenStatuses(500);
    try (ConfigurableApplicationContext app = startedWith("404, 500")) {
      assertThat(storedStatuses(app)).containsExactly(404, 500);
      assertThat(count(app, "SELECT COUNT(*) FROM error_log WHERE host = 'untouched'"))
          .isEqualTo(1);
    }
  }

  /** As a release does that brings a projection to a database of an earlier one. */
  @Test
  void foldsTheWholeLogForAProjectionThatTheDatabaseDoesNotKnow() {
    givenStatuses(200, 404, 500);
    try (ConfigurableApplicationContext app = startedWith("404,500")) {
      assertThat(count(app, "SELECT SUM(requests) FROM route_minute")).isEqualTo(3);
      jdbc(app).update("UPDATE stats_hour SET latency_max = 77000000");
      jdbc(app).update("DELETE FROM route_minute");
      jdbc(app).update("DELETE FROM route_known");
      jdbc(app).update("DELETE FROM projection_generation WHERE name = 'routes'");
      jdbc(app).update("DELETE FROM fold_position WHERE fold = 'routes'");
      jdbc(app).update("DELETE FROM ledger WHERE fold = 'routes'");
    }
    givenStatuses(503);
    try (ConfigurableApplicationContext app = startedWith("404,500")) {
      assertThat(count(app, "SELECT SUM(requests) FROM route_minute")).isEqualTo(4);
      assertThat(count(app, "SELECT SUM(line_count) FROM ledger WHERE fold = 'routes'"))
          .isEqualTo(4);
      assertThat(count(app, "SELECT MAX(latency_max) FROM stats_hour")).isEqualTo(77_000_000);
    }
  }

  private void givenStatuses(int... statuses) {
    for (int status : statuses) {
      Place place = new Place(0, nextOffset++, Logs.NOW);
      log.append(
          GenericEventMessage.asEventMessage(
                  new LogReceived("!" + nextOffset, 1, null, Logs.answered(status, Logs.ok("/"))))
              .andMetaData(place.toMetaData()));
    }
  }

  /** The read side, once it has folded everything given. */
  private ConfigurableApplicationContext startedWith(String errorStatuses) {
    ConfigurableApplicationContext app =
        new SpringApplicationBuilder(QuerySideApplication.class)
            .web(WebApplicationType.NONE)
            .initializers(context -> useLog((GenericApplicationContext) context))
            .run(
                "--spring.config.name=query-side",
                "--spring.datasource.url=" + database,
                "--logfold.cache.store=caffeine",
                "--logfold.kafka.bootstrap-servers=127.0.0.1:1",
                "--logfold.routes.keep-minutes=36500d",
                "--logfold.routes.write-every=0s",
                "--logfold.error-log.statuses=" + errorStatuses);
    FoldPositionTable positions = app.getBean(FoldPositionTable.class);
    Generations generations = app.getBean(Generations.class);
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> {
              for (String projection : List.of("error-log", "stats", "routes")) {
                assertThat(positions.positions(new Fold(projection, generations.live(projection))))
                    .as(projection)
                    .isEqualTo(Map.of(0, nextOffset));
              }
              assertThat(generations.rule("error-log")).isEqualTo(errorStatuses.replace(" ", ""));
            });
    return app;
  }

  private void useLog(GenericApplicationContext context) {
    context.registerBean(
        "givenLog",
        StreamableMessageSource.class,
        () -> log,
        definition -> definition.setPrimary(true));
    context.registerBean(
        "givenFeeds",
        FeedSource.class,
        () -> (nextOffsets, readAhead) -> token -> log.openStream(null),
        definition -> definition.setPrimary(true));
    context.registerBean(
        "givenOffsets",
        LogOffsets.class,
        GivenOffsets::new,
        definition -> definition.setPrimary(true));
  }

  private static List<Integer> storedStatuses(ConfigurableApplicationContext app) {
    return jdbc(app)
        .queryForList(
            "SELECT status FROM error_log WHERE generation = ? ORDER BY status",
            Integer.class,
            app.getBean(Generations.class).live("error-log"));
  }

  private static long count(ConfigurableApplicationContext app, String sql) {
    Long count = jdbc(app).queryForObject(sql, Long.class);
    return count == null ? 0 : count;
  }

  private static JdbcTemplate jdbc(ConfigurableApplicationContext app) {
    return app.getBean(JdbcTemplate.class);
  }

  private final class GivenOffsets implements LogOffsets {

    @Override
    public Map<Integer, Long> at(Instant time) {
      return Map.of(0, nextOffset);
    }

    @Override
    public Map<Integer, Long> begins() {
      return Map.of(0, 0L);
    }
  }
}
