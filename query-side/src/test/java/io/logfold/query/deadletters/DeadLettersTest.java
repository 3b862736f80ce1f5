package io.logfold.query.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.deadletters.DeadLetterList;
import io.logfold.api.deadletters.DeadLetterRecord;
import io.logfold.api.deadletters.DeadLetterReport;
import io.logfold.api.deadletters.DeadLetterReport.State;
import io.logfold.api.deadletters.FindDeadLetter;
import io.logfold.api.deadletters.FindDeadLetters;
import io.logfold.api.incidents.IncidentEvent;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ledger.FindLedger;
import io.logfold.api.ledger.LedgerReport;
import io.logfold.query.Logs;
import io.logfold.query.fold.ProjectionTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

class DeadLettersTest extends ProjectionTest {

  private static final Instant NEVER = Instant.parse("2100-01-01T00:00:00Z");
  private static final String LINKED_TO_WHAT_IS_NOT_THERE =
      "org.springframework.web.servlet.view.groovy.GroovyMarkupConfigurer";

  @Autowired private MeterRegistry metrics;
  @Autowired private DeadLetterMeters meters;

  @BeforeEach
  void beginWithoutLetters() {
    jdbc().update("DELETE FROM dead_letter");
  }

  /** What stands on the log and is no event of it. */
  enum Garbage {
    NO_HEADERS("lacks the headers", headers -> new RecordHeaders(), value -> value),
    NO_VALUE("", headers -> headers, value -> null),
    EMPTY("", headers -> headers, value -> new byte[0]),
    BINARY("", headers -> headers, value -> new byte[] {(byte) 0xff, 0, 1, 2, (byte) 0xfe}),
    TEXT("", headers -> headers, value -> "hello".getBytes(UTF_8)),
    TRUNCATED("", headers -> headers, value -> java.util.Arrays.copyOf(value, value.length / 2)),
    UNKNOWN_TYPE(
        "no event of this log",
        headers -> with(headers, "axon-message-type", "com.example.Ping"),
        value -> value),
    OF_ANOTHER_TOPIC(
        "Acknowledged",
        headers -> with(headers, "axon-message-type", IncidentEvent.Acknowledged.class.getName()),
        value -> "{\"incidentId\":\"i\",\"who\":\"ann\",\"note\":\"\"}".getBytes(UTF_8)),
    OF_A_CLASS_THAT_CANNOT_BE_LOADED(
        "groovy/text",
        headers -> with(headers, "axon-message-type", LINKED_TO_WHAT_IS_NOT_THERE),
        value -> value),
    NO_TIMESTAMP("", headers -> with(headers, "axon-message-timestamp", "now"), value -> value) {
      @Override
      Headers headers(Headers headers) {
        return with(super.headers(headers), "axon-message-revision", "0");
      }
    },
    IMPOSSIBLE_STATUS(
        "impossible value",
        headers -> headers,
        value -> replaced(value, "\"status\":200", "\"status\":20")),
    LACKING_A_FIELD(
        "lacks a field", headers -> headers, value -> replaced(value, "\"method\":\"GET\",", "")),
    TOO_LONG_A_FIELD(
        "impossible value", headers -> headers, value -> replaced(value, "GET", "G".repeat(33)));

    private final String reason;
    private final UnaryOperator<Headers> headers;
    private final UnaryOperator<byte @Nullable []> value;

    Garbage(String reason, UnaryOperator<Headers> headers, UnaryOperator<byte @Nullable []> value) {
      this.reason = reason;
      this.headers = headers;
      this.value = value;
    }

    Headers headers(Headers sound) {
      return headers.apply(sound);
    }

    byte @Nullable [] value(byte[] sound) {
      return value.apply(sound);
    }
  }

  @ParameterizedTest
  @EnumSource
  void listsARecordThatCannotBeReadWithItsPlaceAndBytesAndGoesOn(Garbage garbage) {
    ProducerRecord<String, byte[]> sound =
        written(new LogReceived("web-1/1", 1, null, Logs.ok("/a")));
    byte[] value = garbage.value(sound.value());
    given(Logs.ok("/before"));
    long offset = givenRecord(0, garbage.headers(sound.headers()), value);
    given(Logs.ok("/after"));

    DeadLetterReport letter = onlyLetter();
    assertThat(letter)
        .returns("requests", DeadLetterReport::projection)
        .returns("logfold.access-logs", DeadLetterReport::topic)
        .returns(0, DeadLetterReport::part)
        .returns(offset, DeadLetterReport::offset)
        .returns(Logs.NOW, DeadLetterReport::appended)
        .returns(value == null ? 0L : value.length, DeadLetterReport::size)
        .returns(State.PARKED, DeadLetterReport::state);
    assertThat(letter.error()).contains(garbage.reason);
    assertThat(record(letter.id()).base64())
        .isEqualTo(value == null ? null : Base64.getEncoder().encodeToString(value));
    assertThat(ledger())
        .returns(2L, LedgerReport::unique)
        .returns(1L, LedgerReport::unreadable)
        .returns(3L, LedgerReport::lines);
  }

  @Test
  void showsHeadersAndBytesAsTextWhereTheyAreText() {
    Headers headers = new RecordHeaders();
    headers.add("kind", "Gruß".getBytes(UTF_8));
    headers.add("kind", new byte[] {1, 2});
    headers.add("nothing", null);
    givenRecord(2, headers, "hello\n".getBytes(UTF_8));

    DeadLetterRecord record = record(onlyLetter().id());
    assertThat(record.headers())
        .containsExactly(
            new DeadLetterRecord.Header("kind", "R3J1w58=", "Gruß"),
            new DeadLetterRecord.Header("kind", "AQI=", null),
            new DeadLetterRecord.Header("nothing", null, null));
    assertThat(record.text()).isEqualTo("hello\n");
  }

  @Test
  void parksOnlyTheLogThatAProjectionCannotStore() {
    given(Logs.serverError("/before"));
    long offset = givenRecord(0, new LogReceived("web-1/1", 1, null, fitsNoColumn("/poison")));
    given(Logs.serverError("/after"), Logs.ok("/fine"));

    assertThat(onlyLetter())
        .returns("error-log", DeadLetterReport::projection)
        .returns(1, DeadLetterReport::generation)
        .returns(offset, DeadLetterReport::offset);
    assertThat(record(onlyLetter().id()).text()).contains("\"path\":\"/poison\"");
    assertThat(jdbc().queryForList("SELECT path FROM error_log ORDER BY id", String.class))
        .containsExactly("/before", "/after");
    assertThat(ledger().projections())
        .isEqualTo(
            Map.of(
                "error-log", new LedgerReport.Projection(2, 1, 1, 0),
                "routes", new LedgerReport.Projection(4, 0, 0, 0),
                "stats", new LedgerReport.Projection(4, 0, 0, 0)));
  }

  @Test
  void staysParkedWhenItFailsAgain() {
    givenRecord(1, new RecordHeaders(), "hello".getBytes(UTF_8));
    givenRecord(1, new LogReceived("web-1/1", 1, null, fitsNoColumn("/poison")));
    untilFolded();
    List<String> before = rows("ledger");
    for (DeadLetterReport letter : letters(null, null)) {
      assertThat(whenPost("/dead-letters/" + letter.id() + "/retry"))
          .hasStatus(422)
          .hasContentType("application/problem+json")
          .bodyText()
          .contains("still cannot");
    }
    assertThat(letters(State.PARKED, null)).hasSize(2);
    assertThat(rows("ledger")).isEqualTo(before);
  }

  @Test
  void letsADiscardedLetterRestAndLeavesTheLedgerAsItIs() {
    long offset = givenRecord(1, new RecordHeaders(), "hello".getBytes(UTF_8));
    long id = onlyLetter().id();
    List<String> ledger = rows("ledger");

    assertThat(whenPost("/dead-letters/" + id + "/discard"))
        .hasStatusOk()
        .bodyJson()
        .extractingPath("$.letter.state")
        .isEqualTo("DISCARDED");
    assertThat(rows("ledger")).isEqualTo(ledger);
    for (String action : List.of("retry", "discard")) {
      assertThat(whenPost("/dead-letters/" + id + "/" + action))
          .hasStatus(409)
          .hasContentType("application/problem+json")
          .bodyText()
          .contains("discarded");
    }
    foldAgain();
    assertThat(onlyLetter())
        .returns(State.DISCARDED, DeadLetterReport::state)
        .returns(offset, DeadLetterReport::offset);
  }

  @Test
  void keepsALetterOnceHoweverOftenItsRecordIsFolded() {
    givenRecord(1, new RecordHeaders(), "hello".getBytes(UTF_8));
    givenRecord(1, new LogReceived("web-1/1", 1, null, fitsNoColumn("/poison")));
    foldAgain();
    foldAgain();
    List<Long> offsets = letters(null, null).stream().map(DeadLetterReport::offset).toList();
    assertThat(offsets).containsExactlyInAnyOrder(0L, 1L);
    assertThat(ledger().projections().get("error-log"))
        .isEqualTo(new LedgerReport.Projection(0, 0, 1, 0));
  }

  @Test
  void listsPageAfterPageAndByStateAndProjection() {
    for (int i = 0; i < 5; i++) {
      givenRecord(i % 2, new RecordHeaders(), new byte[] {(byte) i});
    }
    givenRecord(0, new LogReceived("web-1/1", 1, null, fitsNoColumn("/poison")));
    assertThat(letters(null, "requests")).hasSize(5);
    assertThat(letters(null, "error-log")).hasSize(1);
    assertThat(letters(null, "stats")).isEmpty();
    assertThat(letters(State.RETRIED, null)).isEmpty();

    DeadLetterList first = list(new FindDeadLetters(null, "requests", 3, null));
    DeadLetterList second = list(new FindDeadLetters(null, "requests", 3, first.next()));
    assertThat(first.letters()).hasSize(3);
    assertThat(second.letters()).hasSize(2);
    assertThat(second.next()).isNull();
    assertThat(first.letters())
        .extracting(DeadLetterReport::id)
        .isSortedAccordingTo(java.util.Comparator.reverseOrder())
        .doesNotContainAnyElementsOf(second.letters().stream().map(DeadLetterReport::id).toList());
    assertThat(whenGet("/dead-letters?state=parked&projection=requests&limit=3"))
        .hasStatusOk()
        .bodyJson()
        .extractingPath("$.next")
        .isEqualTo(first.next().intValue());
  }

  @Test
  void countsWhatIsParkedNow() {
    givenRecord(1, new RecordHeaders(), "hello".getBytes(UTF_8));
    long id = onlyLetter().id();
    meters.count();
    assertThat(parked("requests")).isOne();
    assertThat(parked("stats")).isZero();
    assertThat(whenPost("/dead-letters/" + id + "/discard")).hasStatusOk();
    meters.count();
    assertThat(parked("requests")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/dead-letters/1", "/dead-letters/x", "/dead-letters/99999999999999999999"})
  void answersAProblemWhereThereIsNoLetter(String path) {
    assertThat(whenGet(path)).hasStatus(404).hasContentType("application/problem+json");
    assertThat(whenPost(path + "/retry")).hasStatus(404);
    assertThat(whenPost(path + "/discard")).hasStatus(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state=lost",
        "limit=0",
        "limit=1001",
        "before=-1",
        "before=x",
        "projektion=stats"
      })
  void refusesAParameterThatMakesNoSense(String query) {
    assertThat(whenGet("/dead-letters?" + query))
        .hasStatus(400)
        .hasContentType("application/problem+json")
        .bodyText()
        .contains(query.substring(0, query.indexOf('=')));
  }

  /** Which is 200 characters as sent, and 400 in the lower case that is stored. */
  private static io.logfold.api.AccessLog fitsNoColumn(String path) {
    return Logs.from("\u0130".repeat(200), Logs.serverError(path));
  }

  private double parked(String projection) {
    return metrics.get("logfold.dead.letters").tag("projection", projection).gauge().value();
  }

  private DeadLetterReport onlyLetter() {
    List<DeadLetterReport> letters = letters(null, null);
    assertThat(letters).hasSize(1);
    return letters.get(0);
  }

  private List<DeadLetterReport> letters(@Nullable State state, @Nullable String projection) {
    return list(new FindDeadLetters(state, projection, 1_000, null)).letters();
  }

  private DeadLetterList list(FindDeadLetters query) {
    return when(query, DeadLetterList.class);
  }

  private DeadLetterRecord record(long id) {
    return when(new FindDeadLetter(id), ResponseTypes.optionalInstanceOf(DeadLetterRecord.class))
        .orElseThrow();
  }

  private LedgerReport ledger() {
    return when(new FindLedger(Instant.EPOCH, NEVER, null), LedgerReport.class);
  }

  private static Headers with(Headers headers, String name, String value) {
    return new RecordHeaders(headers)
        .remove(name)
        .add(new RecordHeader(name, value.getBytes(UTF_8)));
  }

  private static byte[] replaced(byte[] value, String part, String instead) {
    String json = new String(value, UTF_8);
    assertThat(json).contains(part);
    return json.replace(part, instead).getBytes(UTF_8);
  }
}
