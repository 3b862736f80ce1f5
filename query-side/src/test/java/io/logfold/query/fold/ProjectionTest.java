package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import io.logfold.query.Logs;
import io.logfold.query.QuerySideApplication;
import io.logfold.query.fold.Generation.State;
import io.logfold.query.fold.Generation.Switching;
import io.logfold.query.replay.Replays;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.extensions.kafka.eventhandling.DefaultKafkaMessageConverter;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.responsetypes.ResponseType;
import org.axonframework.queryhandling.QueryGateway;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/**
 * Given events, when asked, expect an answer: on Axon's own event bus, event processor and query
 * bus, with the tables on H2. Offsets are given as Kafka gives them.
 */
@SpringBootTest(
    classes = QuerySideApplication.class,
    properties = {
      "spring.config.name=query-side",
      "spring.datasource.url=jdbc:h2:mem:${random.uuid};MODE=MySQL;DATABASE_TO_LOWER=TRUE;"
          + "CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1",
      "logfold.cache.store=caffeine",
      "logfold.kafka.bootstrap-servers=127.0.0.1:1",
      "logfold.fold.max-keys-per-partition=20",
      "logfold.judging.every=1h",
      "logfold.routes.write-every=0s",
      "logfold.cache.logs=0s",
      "logfold.cache.hour=0s",
      "logfold.cache.day=0s",
      "logfold.cache.week=0s"
    })
@AutoConfigureMockMvc
public abstract class ProjectionTest {

  /** Which projection a table is of. */
  private static final Map<String, String> PROJECTIONS =
      Map.of(
          "stats_minute", "stats",
          "stats_hour", "stats",
          "error_log", "error-log",
          "error_count", "error-log",
          "route_minute", "routes",
          "route_known", "routes");

  private static final String ANSWERING_LEDGER =
      """
      SELECT * FROM ledger
       WHERE fold = 'requests'
          OR EXISTS (SELECT 1 FROM projection_generation g
                      WHERE g.name = fold AND g.number = generation AND g.state = 'LIVE')
      """;

  private static final AtomicReference<GivenLog> LOG = new AtomicReference<>(new GivenLog());
  private static final AtomicReference<Instant> TIME = new AtomicReference<>(Logs.NOW);
  private static final Map<Integer, Long> NEXT_OFFSET = new HashMap<>();
  private static final Map<Integer, Long> BEGINS = new ConcurrentHashMap<>();
  private static final List<Place> APPENDED = new CopyOnWriteArrayList<>();
  private static final AtomicReference<Object> READER = new AtomicReference<>();
  private static final AtomicReference<ReadAhead> FED_AHEAD = new AtomicReference<>();

  @TestBean private StreamableMessageSource<TrackedEventMessage<?>> logSource;
  @TestBean private FeedSource feedSource;
  @TestBean private LogOffsets logOffsets;
  @TestBean private Clock clock;
  @Autowired private QueryGateway queries;
  @Autowired private EventProcessingConfiguration processors;
  @Autowired private Replays replays;
  @Autowired private Generations generations;
  @Autowired private FoldPositionTable positions;
  @Autowired private List<LogProjection> projections;
  @Autowired private LogFold fold;
  @Autowired private LogRecord records;

  @Autowired
  @Qualifier("eventSerializer")
  private Serializer serializer;

  @Autowired private JdbcTemplate jdbc;
  @Autowired private MockMvcTester http;

  private static StreamableMessageSource<TrackedEventMessage<?>> logSource() {
    return token -> LOG.get().openStream(token);
  }

  private static FeedSource feedSource() {
    return (nextOffsets, readAhead) -> {
      FED_AHEAD.set(readAhead);
      return token -> LOG.get().openStream(null);
    };
  }

  private static LogOffsets logOffsets() {
    return new GivenOffsets();
  }

  private static final class GivenOffsets implements LogOffsets {

    @Override
    public Map<Integer, Long> at(Instant time) {
      Map<Integer, Long> offsets = new HashMap<>();
      for (Place place : APPENDED) {
        if (place.appended().isBefore(time)) {
          offsets.merge(place.part(), place.offset() + 1, Math::max);
        }
      }
      return offsets;
    }

    @Override
    public Map<Integer, Long> begins() {
      Map<Integer, Long> begins = new HashMap<>();
      NEXT_OFFSET.keySet().forEach(part -> begins.put(part, BEGINS.getOrDefault(part, 0L)));
      return begins;
    }
  }

  private static Clock clock() {
    InstantSource time = TIME::get;
    return time.withZone(ZoneOffset.UTC);
  }

  @BeforeEach
  void beginWithAnEmptyLog() {
    PooledStreamingEventProcessor processor =
        processors
            .eventProcessor(LogFold.PROCESSOR, PooledStreamingEventProcessor.class)
            .orElseThrow();
    TIME.set(Logs.NOW);
    APPENDED.clear();
    if (READER.getAndSet(processor) == processor && NEXT_OFFSET.isEmpty()) {
      return; // it has read nothing yet
    }
    processor.shutDown();
    LOG.set(new GivenLog());
    NEXT_OFFSET.clear();
    BEGINS.clear();
    dropOldGenerations();
    processor.resetTokens();
    processor.start();
  }

  /** Empties all that was folded, and folds the log again from its beginning. */
  protected void foldAgain() {
    untilFolded();
    PooledStreamingEventProcessor processor =
        processors
            .eventProcessor(LogFold.PROCESSOR, PooledStreamingEventProcessor.class)
            .orElseThrow();
    processor.shutDown();
    processor.resetTokens();
    processor.start();
    untilFolded();
  }

  private void dropOldGenerations() {
    for (Generation each : generations.all()) {
      if (each.state() == State.BUILDING || each.state() == State.READY) {
        replays.cancel(each.fold());
      }
    }
    jdbc.update(
        "UPDATE projection_generation SET kept_until = 0 WHERE state IN ('KEPT', 'ROLLED_BACK')");
    replays.look();
  }

  /** The logs of a request without a key. */
  protected void given(AccessLog... logs) {
    givenRequest("!" + NEXT_OFFSET, 0, logs);
  }

  /** The logs of a request, as lines 1, 2, ... */
  protected void givenRequest(String request, int part, AccessLog... logs) {
    for (int line = 1; line <= logs.length; line++) {
      givenEvent(part, TIME.get(), new LogReceived(request, line, null, logs[line - 1]));
    }
  }

  /** An event on the log, appended at a time. */
  protected void givenEvent(int part, Instant appended, Object event) {
    givenEvent(part, NEXT_OFFSET.getOrDefault(part, 0L), appended, event);
  }

  /** An event at an offset of the test's choice. */
  protected void givenEvent(int part, long offset, Instant appended, Object event) {
    NEXT_OFFSET.merge(part, offset + 1, Math::max);
    APPENDED.add(new Place(part, offset, appended));
    EventMessage<?> message =
        GenericEventMessage.asEventMessage(event)
            .andMetaData(new Place(part, offset, appended).toMetaData());
    LOG.get().append(message);
  }

  /** An event as a record of the log, as the receiver writes it. */
  protected long givenRecord(int part, Object event) {
    ProducerRecord<String, byte[]> written = written(event);
    return givenRecord(part, written.headers(), written.value());
  }

  /**
   * A record on the log, whatever it says.
   *
   * @return its offset
   */
  protected long givenRecord(int part, Headers headers, byte @Nullable [] value) {
    long offset = NEXT_OFFSET.getOrDefault(part, 0L);
    givenRecord(part, offset, headers, value);
    return offset;
  }

  /** A record at an offset of the test's choice. */
  protected void givenRecord(int part, long offset, Headers headers, byte @Nullable [] value) {
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(
            "logfold.access-logs",
            part,
            offset,
            TIME.get().toEpochMilli(),
            TimestampType.LOG_APPEND_TIME,
            0,
            value == null ? -1 : value.length,
            "key",
            value,
            headers,
            Optional.empty());
    LogChunk chunk = new LogChunk(List.of(record), records::isLogOfToday);
    givenEvent(part, offset, TIME.get(), chunk);
  }

  /** An event as the receiver writes it. */
  protected ProducerRecord<String, byte[]> written(Object event) {
    return DefaultKafkaMessageConverter.builder()
        .serializer(serializer)
        .build()
        .createKafkaMessage(GenericEventMessage.asEventMessage(event), "logfold.access-logs");
  }

  /** The log has lost what was before an offset. */
  protected void givenLost(int part, long beginOffset) {
    BEGINS.put(part, beginOffset);
  }

  /** The next event of a partition is on the log, and no fold has seen it yet. */
  protected void givenUnread(int part) {
    APPENDED.add(new Place(part, NEXT_OFFSET.getOrDefault(part, 0L), TIME.get()));
  }

  protected void timeIs(Instant now) {
    TIME.set(now);
  }

  /** The answer once everything given is folded. */
  protected <A> A when(Object query, Class<A> answer) {
    untilFolded();
    return queries.query(query, answer).join();
  }

  /** The answer once everything given is folded. */
  protected <A> A when(Object query, ResponseType<A> answer) {
    untilFolded();
    return queries.query(query, answer).join();
  }

  /** The answer over HTTP once everything given is folded. */
  protected MvcTestResult whenGet(String uri, Object... values) {
    untilFolded();
    return http.get().uri(uri, values).exchange();
  }

  /** The answer to a POST over HTTP once everything given is folded. */
  protected MvcTestResult whenPost(String uri, Object... values) {
    untilFolded();
    return http.post().uri(uri, values).exchange();
  }

  protected MockMvcTester http() {
    return http;
  }

  protected void untilFolded() {
    await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () -> {
              for (LogProjection projection : projections) {
                String name = projection.name();
                assertThat(positions.positions(new Fold(name, generations.live(name))))
                    .as(name)
                    .containsAllEntriesOf(NEXT_OFFSET);
              }
            });
  }

  /** Builds projections anew and switches to what was built. */
  protected void replay(String... projections) {
    untilFolded();
    for (String projection : projections) {
      Fold begun = replays.begin(projection, null, null, Switching.WHEN_READY).fold();
      untilReplay(() -> generations.live(projection) == begun.generation());
    }
    untilFolded();
  }

  /** Lets replays go on until something holds. */
  protected void untilReplay(Callable<Boolean> holds) {
    await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              replays.look();
              return holds.call();
            });
  }

  /** What bounds how far the last feeder that was started reads ahead. */
  ReadAhead fedAhead() {
    return FED_AHEAD.get();
  }

  /** As when another process wrote: what is remembered of a partition is dropped. */
  protected void forgetPart(int part) {
    fold.forget(part);
  }

  /** The rows of a table that answer, as text, sketches included, without their generation. */
  protected List<String> rows(String table) {
    if (table.equals("ledger")) {
      return select(ANSWERING_LEDGER);
    }
    return PROJECTIONS.containsKey(table)
        ? rows(table, generations.live(PROJECTIONS.get(table)))
        : select("SELECT * FROM " + table);
  }

  /** The rows of a generation. */
  protected List<String> rows(String table, int generation) {
    return select("SELECT * FROM " + table + " WHERE generation = " + generation);
  }

  private List<String> select(String sql) {
    List<String> rows =
        jdbc.query(
            sql,
            (row, number) -> {
              StringBuilder text = new StringBuilder();
              for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                if (row.getMetaData().getColumnLabel(column).equalsIgnoreCase("generation")) {
                  continue;
                }
                Object value = row.getObject(column);
                text.append(
                        value instanceof java.sql.Blob
                            ? java.util.HexFormat.of().formatHex(row.getBytes(column))
                            : String.valueOf(row.getString(column)))
                    .append('|');
              }
              return text.toString();
            });
    return rows.stream().sorted().toList();
  }

  protected JdbcTemplate jdbc() {
    return jdbc;
  }
}
