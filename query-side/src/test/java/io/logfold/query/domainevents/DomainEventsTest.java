package io.logfold.query.domainevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logfold.query.Alerts;
import io.logfold.query.QuerySideApplication;
import io.logfold.query.fold.Generation.Switching;
import io.logfold.query.fold.Generations;
import io.logfold.query.fold.GivenLog;
import io.logfold.query.replay.Replays;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.responsetypes.ResponseType;
import org.axonframework.queryhandling.QueryGateway;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/**
 * Given domain events, when asked, expect an answer: on Axon's own event processor and query bus,
 * with the tables on H2. Each event is given as the topic brings it: of an aggregate, with its
 * sequence number and time, and as often as a test likes.
 */
@SpringBootTest(
    classes = QuerySideApplication.class,
    properties = {
      "spring.config.name=query-side",
      "spring.datasource.url=jdbc:h2:mem:${random.uuid};MODE=MySQL;DATABASE_TO_LOWER=TRUE;"
          + "CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1",
      "logfold.cache.store=caffeine",
      "logfold.kafka.bootstrap-servers=127.0.0.1:1"
    })
@AutoConfigureMockMvc
public abstract class DomainEventsTest {

  private static final AtomicReference<GivenLog> TOPIC = new AtomicReference<>(new GivenLog());
  private static final GivenLog NO_LOGS = new GivenLog();

  @TestBean(name = "domainEventSource")
  private StreamableMessageSource<TrackedEventMessage<?>> domainEventSource;

  @TestBean(name = "logSource")
  private StreamableMessageSource<TrackedEventMessage<?>> logSource;

  @TestBean private Clock clock;
  @Autowired private QueryGateway queries;
  @Autowired private KafkaMessageConverter<String, byte[]> converter;
  @Autowired private EventProcessingConfiguration processors;
  @Autowired private Replays replays;
  @Autowired private Generations generations;
  @Autowired private JdbcTemplate jdbc;
  @Autowired private MockMvcTester http;

  private static StreamableMessageSource<TrackedEventMessage<?>> domainEventSource() {
    return token -> TOPIC.get().openStream(token);
  }

  private static StreamableMessageSource<TrackedEventMessage<?>> logSource() {
    return NO_LOGS;
  }

  private static Clock clock() {
    return Clock.fixed(Alerts.NOW, ZoneOffset.UTC);
  }

  @BeforeEach
  void beginWithAnEmptyTopic() {
    processor().shutDown();
    TOPIC.set(new GivenLog());
    processor().resetTokens();
    processor().start();
  }

  /** The event of an aggregate with a sequence number, from 0, and the time it was applied. */
  protected void given(String aggregateId, long sequence, Instant at, Object event) {
    TOPIC
        .get()
        .append(
            new GenericDomainEventMessage<>(
                "Aggregate", aggregateId, sequence, new GenericMessage<>(event), at));
  }

  /** An event as it stands on Kafka. */
  protected void givenRecord(ConsumerRecord<String, byte[]> record) {
    TOPIC.get().append(converter.readKafkaMessage(record).orElseThrow());
  }

  /** The answer once everything given is taken in. */
  protected <A> A when(Object query, Class<A> answer) {
    untilTakenIn();
    return queries.query(query, answer).join();
  }

  /** The answer once everything given is taken in. */
  protected <A> A when(Object query, ResponseType<A> answer) {
    untilTakenIn();
    return queries.query(query, answer).join();
  }

  /** The answer over HTTP once everything given is taken in. */
  protected MvcTestResult whenGet(String uri, Object... values) {
    untilTakenIn();
    return http.get().uri(uri, values).exchange();
  }

  /** Builds projections anew and switches to what was built. */
  protected void replay(String... projections) {
    untilTakenIn();
    for (String projection : projections) {
      int begun = replays.begin(projection, null, null, Switching.WHEN_READY).fold().generation();
      await()
          .atMost(Duration.ofMinutes(2))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> {
                replays.look();
                return generations.live(projection) == begun;
              });
    }
  }

  /** The rows of a table that answer, without their generation. */
  protected List<Map<String, Object>> rows(String table) {
    untilTakenIn();
    int generation = generations.live(table.startsWith("alert") ? "alert-rules" : "incidents");
    List<Map<String, Object>> rows =
        jdbc.queryForList(
            "SELECT * FROM " + table + " WHERE generation = ? ORDER BY 1, 2, 3", generation);
    rows.forEach(row -> row.remove("generation"));
    return rows;
  }

  protected JdbcTemplate jdbc() {
    return jdbc;
  }

  protected void untilTakenIn() {
    await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertThat(takenIn()).isEqualTo(TOPIC.get().size()));
  }

  private long takenIn() {
    return Optional.ofNullable(processor().processingStatus().get(0))
        .map(EventTrackerStatus::getTrackingToken)
        .map(WrappedToken::unwrapLowerBound)
        .map(token -> ((GlobalSequenceTrackingToken) token).getGlobalIndex() + 1)
        .orElse(0L);
  }

  private PooledStreamingEventProcessor processor() {
    return processors
        .eventProcessor(DomainEventProjection.PROCESSOR, PooledStreamingEventProcessor.class)
        .orElseThrow();
  }
}
