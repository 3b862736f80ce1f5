package io.logfold.query.fold;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
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

  /** Whether a record is a log of today's revision, and nobody asks for more than its value. */
  boolean isLogOfToday(ConsumerRecord<?, byte[]> record) {
    return !upcasts && record.value() != null && LogHeaders.areOfToday(record.headers());
  }

  /** One arrival a record, in the same order: none is ever left out. */
  List<Arrival> read(LogChunk chunk) {
    List<Arrival> arrivals = new ArrayList<>(chunk.size());
    PlainLog plain = new PlainLog();
    long lastMillis = -1;
    Instant appended = Instant.EPOCH;
    for (int i = 0; i < chunk.size(); i++) {
      if (chunk.appendedMillis(i) != lastMillis) {
        lastMillis = chunk.appendedMillis(i);
        appended = Instant.ofEpochMilli(lastMillis);
      }
      LogReceived log =
          chunk.other(i) == null ? plain.read(chunk.values(), chunk.from(i), chunk.to(i)) : null;
      arrivals.add(
          log != null && isWhole(log)
              ? new ReceivedLog(chunk.part(), chunk.offset(i), appended, log)
              : read(chunk.record(i)));
    }
    return arrivals;
  }

  /**
   * A record by itself. Its headers name the class to read it as, and that may be any on the class
   * path.
   */
  Arrival read(ConsumerRecord<String, byte[]> record) {
    Place place = Place.of(record);
    try {
      LogReceived log = isLogOfToday(record) ? reader.read(record.value()) : null;
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
