package io.logfold.command.telling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logfold.api.alerts.Target;
import io.logfold.api.incidents.IncidentEvent;
import io.logfold.command.CommandSideApplication;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.messaging.MetaData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.transaction.support.TransactionTemplate;

/** From an event in the store to a real receiver; only time and Kafka are a test's. */
@SpringBootTest(
    classes = CommandSideApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.config.name=command-side",
      "spring.datasource.url=${tests.telling.url:jdbc:h2:mem:${random.uuid};MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE}",
      "logfold.log.manage=false",
      "logfold.telling.secret=" + TellingTest.SECRET
    })
class TellingTest {

  static final String SECRET = "a secret of 24 characters";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(60);

  @SuppressWarnings("NullAway.Init") // Spring sets it before any test
  @TestBean(name = "logProducer")
  Producer<String, byte[]> producer;

  @SuppressWarnings("NullAway.Init") // Spring sets it before any test
  @TestBean(name = "clock")
  Clock clock;

  @Autowired EmbeddedEventStore eventStore;
  @Autowired EventProcessingConfiguration processors;
  @Autowired TransactionTemplate transactions;
  @Autowired JdbcTemplate database;
  @Autowired Deliveries deliveries;
  @Autowired Telling telling;
  @Autowired Courier courier;
  @Autowired Post post;
  @Autowired TellingProperties settings;
  @Autowired TellingMeters tellingMeters;
  @Autowired MeterRegistry meters;
  @LocalServerPort int port;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String incident = UUID.randomUUID().toString();
  private Receiver receiver;

  static Producer<String, byte[]> producer() {
    return new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  }

  static Clock clock() {
    return new MutableClock(Incidents.NOTICED);
  }

  @BeforeEach
  void listen() throws IOException {
    database.update("delete from delivery");
    receiver = new Receiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void tellsThatItOpenedAndThatItIsOverSigned() throws Exception {
    Target target = receiver.target("/hook");

    happens(0, Incidents.opened(incident, target));
    happens(1, Incidents.resolved(incident, target));

    await().atMost(SOON).until(() -> receiver.told().size() == 2);
    assertThat(receiver.told()).allSatisfy(this::assertSigned);
    JsonNode opened = JSON.readTree(receiver.told().get(0).body());
    JsonNode resolved = JSON.readTree(receiver.told().get(1).body());
    assertThat(opened.path("what").asText()).isEqualTo("opened");
    assertThat(resolved.path("what").asText()).isEqualTo("resolved");
    assertThat(List.of(opened, resolved))
        .allSatisfy(body -> assertThat(body.path("incident").asText()).isEqualTo(incident));
    assertThat(opened.path("delivery").asText()).isEqualTo(receiver.told().get(0).delivery());
    assertThat(opened.path("value").asDouble()).isEqualTo(0.31);
    awaitAll(Delivery.State.DELIVERED);
  }

  @Test
  void tellsEachTargetWhatHappenedAndNobodyThatItGotWorse() {
    Target one = receiver.target("/one");
    Target other = new Target(Target.Kind.SLACK, receiver.url("/other"));

    happens(0, Incidents.opened(incident, one, other));
    happens(1, new IncidentEvent.Worsened(incident, Incidents.crossed(one, other)));
    happens(2, new IncidentEvent.Acknowledged(incident, "ann", ""));
    happens(3, Incidents.escalated(incident, one, other));
    happens(4, Incidents.resolved(incident, one, other));
    happens(5, Incidents.reopened(incident, one, other));

    await().atMost(SOON).until(() -> receiver.told().size() == 8);
    awaitAll(Delivery.State.DELIVERED);
    assertThat(words("/one")).containsExactly("opened", "escalated", "resolved", "reopened");
    assertThat(receiver.told().stream().filter(told -> told.path().equals("/other")))
        .hasSize(4)
        .allSatisfy(told -> assertThat(told.text()).startsWith("{\"text\":\"*Checkout fails*: "))
        .allSatisfy(told -> assertThat(told.headers()).doesNotContainKey("Logfold-Signature"));
  }

  @Test
  void triesAgainWithTheSameDeliveryUntilTheTargetTakesItAndTellsWhatFollowsAfterIt() {
    double delivered = counted("opened", "delivered");
    AtomicInteger failures = new AtomicInteger(3);
    receiver.answers(
        (exchange, told) ->
            Receiver.status(failures.getAndDecrement() > 0 ? 500 : 200).to(exchange, told));
    Target target = receiver.target("/hook");

    happens(0, Incidents.opened(incident, target));
    happens(1, Incidents.resolved(incident, target));

    awaitMoving(Duration.ofSeconds(1), () -> receiver.told().size() == 5);
    List<Receiver.Told> told = receiver.told();
    assertThat(words("/hook")).containsExactly("opened", "opened", "opened", "opened", "resolved");
    assertThat(told.subList(0, 4)).allMatch(it -> it.delivery().equals(told.get(0).delivery()));
    assertThat(told.subList(0, 4)).allMatch(it -> it.text().equals(told.get(0).text()));
    assertThat(told.get(4).delivery()).isNotEqualTo(told.get(0).delivery());
    awaitAll(Delivery.State.DELIVERED);
    assertThat(counted("opened", "delivered")).isEqualTo(delivered + 1);
  }

  @Test
  void waitsAsLongAsTheTargetAsksFor() {
    receiver.answers(Receiver.status(503, "Retry-After", "600"));
    happens(0, Incidents.opened(incident, receiver.target("/hook")));
    await().atMost(SOON).until(() -> only().lastError() != null);

    assertThat(only().nextAttempt()).isEqualTo(clock.instant().plusSeconds(600));
    assertThat(only().lastError()).isEqualTo("The target answered 503.");

    receiver.answers(Receiver.status(503, "Retry-After", "999999999"));
    moving().advance(Duration.ofSeconds(600));
    await()
        .atMost(SOON)
        .until(
            () ->
                receiver.told().size() == 2
                    && only().nextAttempt().isAfter(clock.instant().plus(Courier.LEASE)));
    assertThat(only().nextAttempt()).isEqualTo(clock.instant().plus(Courier.LONGEST_RETRY_AFTER));
  }

  @Test
  void givesUpAfterADayAndTriesAgainWhenAsked() {
    receiver.answers(Receiver.status(500));
    happens(0, Incidents.opened(incident, receiver.target("/hook")));
    await().atMost(SOON).until(() -> receiver.told().size() >= 1);
    moving().advance(settings.giveUpAfter());
    awaitAll(Delivery.State.FAILED);
    assertThat(only().lastError()).startsWith("Given up at try ").endsWith("answered 500.");

    JsonNode failed = json(get("/deliveries?state=failed")).path("deliveries");
    assertThat(failed).hasSize(1);
    assertThat(failed.path(0).path("incident").asText()).isEqualTo(incident);
    assertThat(failed.path(0).path("lastError").asText()).startsWith("Given up");
    assertThat(json(get("/deliveries?state=delivered")).path("deliveries")).isEmpty();

    receiver.answers(Receiver.status(200));
    int before = receiver.told().size();
    String id = failed.path(0).path("id").asText();
    HttpResponse<String> retried = post("/deliveries/" + id + "/retry");
    assertThat(retried.statusCode()).as(retried.body()).isEqualTo(200);
    assertThat(json(retried).path("state").asText()).isEqualTo("pending");
    awaitAll(Delivery.State.DELIVERED);
    assertThat(receiver.told()).hasSize(before + 1);
    assertThat(receiver.told()).allMatch(told -> told.delivery().equals(id));
    assertThat(post("/deliveries/" + id + "/retry").statusCode()).isEqualTo(409);
    assertThat(json(get("/deliveries")).path("deliveries").path(0).path("state").asText())
        .isEqualTo("delivered");
  }

  @Test
  void failsAtOnceWhatCannotPass() {
    double failed = counted("opened", "failed");
    receiver.answers(Receiver.status(404));
    happens(0, Incidents.opened(incident, receiver.target("/gone")));
    awaitAll(Delivery.State.FAILED);
    assertThat(receiver.told()).hasSize(1);
    assertThat(counted("opened", "failed")).isEqualTo(failed + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /deliveries?state=lost, 400, bad-state",
    "GET, /deliveries?limit=0, 400, bad-limit",
    "GET, /deliveries?limit=1001, 400, bad-limit",
    "GET, /deliveries?limit=all, 400, bad-limit",
    "POST, /deliveries/none/retry, 404, not-found"
  })
  void refusesWhatMakesNoSense(String method, String path, int status, String code) {
    HttpResponse<String> answer = method.equals("GET") ? get(path) : post(path);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(answer).path("code").asText()).isEqualTo(code);
  }

  @Test
  void notesNothingTwiceWhenAnEventIsHandledAgain() {
    var event = Incidents.opened(incident, receiver.target("/hook"));
    happens(7, event);
    awaitAll(Delivery.State.DELIVERED);

    transactions.executeWithoutResult(done -> telling.on(event, 7, Incidents.NOTICED));
    courier.sendDue();

    assertThat(deliveries.count()).isEqualTo(1);
    assertThat(receiver.told()).hasSize(1);
  }

  /** It refuses Axon's own reset; here its position is lost, which is worse. */
  @Test
  void tellsNothingAgainWhenTheProcessorBeginsAgain() {
    happens(0, Incidents.opened(incident, receiver.target("/hook")));
    awaitAll(Delivery.State.DELIVERED);

    StreamingEventProcessor processor =
        processors.eventProcessor(Telling.PROCESSOR, StreamingEventProcessor.class).orElseThrow();
    assertThat(processor.supportsReset()).isFalse();
    processor.shutDown();
    database.update("delete from token_entry where processor_name = ?", Telling.PROCESSOR);
    processor.start();
    happens(1, Incidents.resolved(incident, receiver.target("/hook")));

    await().atMost(SOON).until(() -> words("/hook").contains("resolved"));
    assertThat(words("/hook")).containsExactly("opened", "resolved");
    assertThat(count("where incident_id = ?", incident)).isEqualTo(2);
  }

  @Test
  void tellsNothingOfAnEventOlderThanWhatIsRemembered() {
    var event = Incidents.opened(incident, receiver.target("/hook"));
    transactions.executeWithoutResult(
        done -> telling.on(event, 0, clock.instant().minus(settings.keep()).minusMillis(1)));
    assertThat(deliveries.count()).isZero();
  }

  @Test
  void forgetsWhatWasDeliveredAMonthAgo() {
    happens(0, Incidents.opened(incident, receiver.target("/hook")));
    awaitAll(Delivery.State.DELIVERED);
    moving().advance(settings.keep());
    courier.prune();
    assertThat(deliveries.count()).isEqualTo(1);
    moving().advance(Duration.ofMillis(1));
    courier.prune();
    assertThat(deliveries.count()).isZero();
  }

  /** What was sent and not noted as such when a process died looks like a claim, and no more. */
  @Test
  void sendsAgainWithTheSameIdWhatAProcessSentAndDidNotNoteBeforeItDied() {
    Delivery delivery = storedAndClaimed(receiver.target("/hook"));
    assertThat(post.send(delivery).end()).isEqualTo(Post.Outcome.End.DELIVERED);

    courier.sendDue();
    assertThat(deliveries.due(clock.instant(), List.of(""), Limit.of(1))).isEmpty();
    moving().advance(Courier.LEASE);

    awaitAll(Delivery.State.DELIVERED);
    assertThat(receiver.told()).hasSize(2);
    assertThat(receiver.told()).allMatch(told -> told.delivery().equals(delivery.id()));
  }

  @Test
  void sendsEachOnceWhenSeveralCouriersShareADatabase() throws Exception {
    Courier other =
        new Courier(
            deliveries,
            post,
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), new Random(1)),
            tellingMeters,
            settings,
            clock);
    List<String> ids = new ArrayList<>();
    IntStream.range(0, 40).forEach(i -> ids.add(stored(receiver.target("/" + i % 8), i).id()));
    Thread first = new Thread(courier::sendDue);
    Thread second = new Thread(other::sendDue);
    first.start();
    second.start();

    await()
        .atMost(SOON)
        .until(
            () -> {
              other.sendDue();
              return deliveries.countByState(Delivery.State.PENDING) == 0;
            });
    other.stop();
    assertThat(receiver.told().stream().map(Receiver.Told::delivery))
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void countsWhatWaits() {
    receiver.answers(Receiver.status(503, "Retry-After", "600"));
    happens(0, Incidents.opened(incident, receiver.target("/hook")));
    await().atMost(SOON).until(() -> only().lastError() != null);
    assertThat(meters.get(TellingMeters.PENDING).gauge().value()).isEqualTo(1);
  }

  private void happens(long sequence, IncidentEvent event) {
    transactions.executeWithoutResult(
        done ->
            eventStore.publish(
                new GenericDomainEventMessage<>(
                    "Incident",
                    incident,
                    sequence,
                    event,
                    MetaData.emptyInstance(),
                    UUID.randomUUID().toString(),
                    clock.instant())));
  }

  private Delivery stored(Target target, long sequence) {
    String id = UUID.randomUUID().toString();
    return deliveries.save(
        Delivery.of(
            id,
            incident + sequence,
            sequence,
            Delivery.What.OPENED,
            target,
            "{}".getBytes(StandardCharsets.UTF_8),
            clock.instant(),
            settings.giveUpAfter()));
  }

  private Delivery storedAndClaimed(Target target) {
    return Objects.requireNonNull(
        transactions.execute(
            done -> {
              Delivery delivery = stored(target, 0);
              Instant now = clock.instant();
              deliveries.claim(delivery.id(), 0, now, now.plus(Courier.LEASE));
              return delivery;
            }));
  }

  private Delivery only() {
    List<Delivery> all = deliveries.findAll();
    assertThat(all).hasSizeLessThanOrEqualTo(1);
    return all.isEmpty() ? new Delivery() : all.get(0);
  }

  private void awaitAll(Delivery.State state) {
    await()
        .atMost(SOON)
        .until(
            () -> deliveries.count() > 0 && deliveries.countByState(state) == deliveries.count());
  }

  private MutableClock moving() {
    return (MutableClock) clock;
  }

  private void awaitMoving(Duration step, Callable<Boolean> condition) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              moving().advance(step);
              return condition.call();
            });
  }

  private List<String> words(String path) {
    return receiver.told().stream()
        .filter(told -> told.path().equals(path))
        .map(told -> read(told.body()).path("what").asText())
        .toList();
  }

  /** As a receiver would do it, from what stands in the docs. */
  private void assertSigned(Receiver.Told told) throws Exception {
    String header = told.headers().getFirst("Logfold-Signature");
    Map<String, String> parts = new HashMap<>();
    for (String part : header.split(",")) {
      parts.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1));
    }
    assertThat(parts.get("t")).isEqualTo(Long.toString(clock.instant().getEpochSecond()));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] expected =
        mac.doFinal((parts.get("t") + "." + told.text()).getBytes(StandardCharsets.UTF_8));
    assertThat(parts.get("v1")).isEqualTo(HexFormat.of().formatHex(expected));
  }

  private double counted(String what, String state) {
    return meters.counter(TellingMeters.DELIVERIES, "what", what, "state", state).count();
  }

  private int count(String where, Object... arguments) {
    Integer count =
        database.queryForObject("select count(*) from delivery " + where, Integer.class, arguments);
    return count == null ? 0 : count;
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)).build());
  }

  private HttpResponse<String> post(String path) {
    return send(HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody()).build());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return read(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode read(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
