package io.logfold.query.fold;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.messaging.Headers;
import org.axonframework.serialization.Revision;
import org.jspecify.annotations.Nullable;

/**
 * From Kafka records to what the fold takes in.
 *
 * <p>A log of today's revision is parsed straight into its record; the extension's converter, which
 * took more than a third of folding's time, reads everything else, and everything when upcasters
 * are registered.
 */
final class LogRecord {

  /** A line costs a bit of its request's memory; no receiver takes requests this long. */
  private static final int MAX_LINE = 10_000_000;

  private static final int MAX_CODE = 64 - LedgerEntry.REJECTED.length();

  /** Databases know no later year than 9999. */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

  private static final byte[] TYPE = LogReceived.class.getName().getBytes(UTF_8);
  private static final byte[] REVISION =
      LogReceived.class.getAnnotation(Revision.class).value().getBytes(UTF_8);

  /** As far as the converter asks for them when it shall say what is wrong with a record. */
  private static final RecordHeaders OF_TODAY =
      new RecordHeaders(
          List.of(
              new RecordHeader(Headers.MESSAGE_ID, "(not kept)".getBytes(UTF_8)),
              new RecordHeader(Headers.MESSAGE_TYPE, TYPE),
              new RecordHeader(Headers.MESSAGE_REVISION, REVISION),
              new RecordHeader(Headers.MESSAGE_TIMESTAMP, new byte[Long.BYTES])));

  private final KafkaMessageConverter<String, byte[]> converter;
  private final boolean upcasts;
  private final LogReceivedReader reader = new LogReceivedReader();

  /**
   * @param converter reads what is not parsed here
   * @param upcasts whether any upcaster is registered: it must see every record
   */
  LogRecord(KafkaMessageConverter<String, byte[]> converter, boolean upcasts) {
    this.converter = converter;
    this.upcasts = upcasts;
  }

  /**
   * The same record, if it is a log of today's revision without its key and with headers that all
   * of them share: while it waits to be folded its own would take twice the room of the log itself.
   * Only its id and the sender's time are lost by that, and nobody asks for them but who looks at a
   * record that was kept aside.
   */
  ConsumerRecord<String, byte[]> slim(ConsumerRecord<String, byte[]> record) {
    return upcasts || !isLogOfToday(record)
        ? record
        : new ConsumerRecord<>(
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestamp(),
            record.timestampType(),
            0,
            record.serializedValueSize(),
            null,
            record.value(),
            OF_TODAY,
            Optional.empty());
  }

  /** One arrival a record, in the same order: none is ever left out. */
  List<Arrival> read(LogChunk chunk) {
    List<Arrival> arrivals = new ArrayList<>(chunk.records().size());
    PlainLog plain = new PlainLog();
    long lastMillis = -1;
    Instant appended = Instant.EPOCH;
    for (ConsumerRecord<String, byte[]> record : chunk.records()) {
      if (record.timestamp() != lastMillis) {
        lastMillis = record.timestamp();
        appended = Instant.ofEpochMilli(lastMillis);
      }
      Place place = new Place(record.partition(), record.offset(), appended);
      arrivals.add(arrival(record, place, plain));
    }
    return arrivals;
  }

  /** A record that was kept aside. */
  Arrival read(ConsumerRecord<String, byte[]> record) {
    return arrival(record, Place.of(record), new PlainLog());
  }

  /** Its headers name the class to read it as, and that may be any on the class path. */
  private Arrival arrival(ConsumerRecord<String, byte[]> record, Place place, PlainLog plain) {
    try {
      LogReceived log = upcasts ? null : parsed(record, plain);
      return log != null && isWhole(log) ? place.arrivalOf(log) : converted(record, place);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return place.unreadable(String.valueOf(e.getMessage()), record);
    }
  }

  private Arrival converted(ConsumerRecord<String, byte[]> record, Place place) {
    Object payload =
        converter
            .readKafkaMessage(record)
            .map(EventMessage::getPayload)
            .orElseThrow(() -> new IllegalArgumentException("it lacks the headers of an event"));
    if (payload instanceof LogReceived log && isWhole(log)) {
      return place.arrivalOf(log);
    }
    if (payload instanceof LogsRejected rejected && isWhole(rejected)) {
      return place.arrivalOf(rejected);
    }
    throw new IllegalArgumentException(
        "it is no event of this log, or lacks a field that it must have, or holds an impossible value: "
            + payload.getClass().getName());
  }

  /** The log, or null if the record is something else or the converter shall say what is wrong. */
  private @Nullable LogReceived parsed(ConsumerRecord<String, byte[]> record, PlainLog plain) {
    if (record.headers() != OF_TODAY && !isLogOfToday(record)) {
      return null;
    }
    LogReceived log = plain.read(record.value());
    return log == null ? reader.read(record.value()) : log;
  }

  private static boolean isLogOfToday(ConsumerRecord<?, ?> record) {
    return record.value() != null
        && (isHeadedAsOurs(record.headers().toArray()) || isLogOfToday(record.headers()));
  }

  /**
   * Whether the headers stand where the receiver puts them: id, revision, timestamp, type. A name
   * is decoded as it is asked for, which takes long for each record; a value is compared as it is.
   */
  private static boolean isHeadedAsOurs(Header[] headers) {
    return headers.length == 4
        && Arrays.equals(headers[3].value(), TYPE)
        && Arrays.equals(headers[1].value(), REVISION)
        && headers[1].key().equals(Headers.MESSAGE_REVISION);
  }

  private static boolean isLogOfToday(Iterable<Header> headers) {
    boolean type = false;
    boolean revision = false;
    boolean id = false;
    for (Header header : headers) {
      switch (header.key()) {
        case Headers.MESSAGE_TYPE -> type = Arrays.equals(header.value(), TYPE);
        case Headers.MESSAGE_REVISION -> revision = Arrays.equals(header.value(), REVISION);
        case Headers.MESSAGE_ID -> id = true;
        default -> {}
      }
    }
    return type && revision && id;
  }

  /**
   * A foreign record may lack fields, whatever our types say; what fits no column is refused too.
   */
  @SuppressWarnings("ConstantValue") // JSON knows nothing of our nullness
  private static boolean isWhole(LogReceived received) {
    return isText(received.request(), 200)
        && received.line() >= 0
        && received.line() <= MAX_LINE
        && fits(received.body(), 16)
        && received.log() != null
        && isWhole(received.log());
  }

  @SuppressWarnings("ConstantValue") // JSON knows nothing of our nullness
  private static boolean isWhole(AccessLog log) {
    return log.time() != null
        && isOurTime(log.time())
        && log.status() >= 100
        && log.status() <= 599
        && log.latencyMicros() >= 0
        && isText(log.ip(), 255)
        && isText(log.method(), 32)
        && isText(log.path(), 2_048)
        && isText(log.source(), 64)
        && fits(log.userAgent(), 1_024)
        && fits(log.referrer(), 1_024)
        && fits(log.host(), 255)
        && fits(log.protocol(), 32)
        && fits(log.route(), 2_048)
        && fits(log.traceId(), 255);
  }

  private static boolean isOurTime(Instant time) {
    return !time.isBefore(Instant.EPOCH) && time.isBefore(END_OF_TIME);
  }

  private static boolean isWhole(LogsRejected rejected) {
    return isText(rejected.request(), 200)
        && fits(rejected.body(), 16)
        && isText(rejected.source(), 64)
        && isWhole(rejected.countByCode());
  }

  private static boolean isWhole(@Nullable Map<String, Integer> countByCode) {
    return countByCode != null
        && countByCode.entrySet().stream()
            .allMatch(
                entry ->
                    isText(entry.getKey(), MAX_CODE)
                        && entry.getValue() != null
                        && entry.getValue() >= 0);
  }

  private static boolean isText(@Nullable String text, int maxLength) {
    return text != null && text.length() <= maxLength;
  }

  private static boolean fits(@Nullable String text, int maxLength) {
    return text == null || text.length() <= maxLength;
  }
}
