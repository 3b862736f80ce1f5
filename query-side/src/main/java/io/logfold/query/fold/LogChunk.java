package io.logfold.query.fold;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Some records of one partition in log order, delivered as one message: Axon's coordinator passes
 * on at most 1,024 messages and then rests for a tenth of a second, which is no way to read a log.
 * The records are read by whoever folds them, not by the thread that fetches.
 *
 * <p>Of nearly all of them, logs of today's revision, nothing but the value is asked: those are
 * kept as their bytes, one after the other. As objects each garbage collection would copy two or
 * more for each log that waits to be folded.
 */
final class LogChunk {

  /** Records of one chunk at most. */
  static final int MAX_RECORDS = 500;

  /** And bytes of their values, more only if a single record has more. */
  static final int MAX_BYTES = 128 * 1024;

  private final String topic;
  private final int part;
  private final long[] offsets;
  private final long[] appendedMillis;
  private final byte[] values;
  private final int[] ends;
  private final Map<Integer, ConsumerRecord<String, byte[]>> others = new HashMap<>();
  private final long bytes;

  /**
   * @param records at least one, all of the same partition
   * @param isLogOfToday whether a record may lose its key and its headers
   */
  LogChunk(
      List<ConsumerRecord<String, byte[]>> records,
      Predicate<ConsumerRecord<String, byte[]>> isLogOfToday) {
    int size = records.size();
    this.topic = records.get(0).topic();
    this.part = records.get(0).partition();
    this.offsets = new long[size];
    this.appendedMillis = new long[size];
    this.ends = new int[size];
    int end = 0;
    for (int i = 0; i < size; i++) {
      ConsumerRecord<String, byte[]> record = records.get(i);
      offsets[i] = record.offset();
      appendedMillis[i] = record.timestamp();
      if (isLogOfToday.test(record)) {
        end += record.value().length;
      } else {
        others.put(i, record);
      }
      ends[i] = end;
    }
    this.values = new byte[end];
    for (int i = 0; i < size; i++) {
      int length = ends[i] - from(i);
      if (length > 0) {
        System.arraycopy(records.get(i).value(), 0, values, from(i), length);
      }
    }
    this.bytes = end + others.values().stream().mapToLong(LogChunk::bytes).sum();
  }

  /**
   * Cuts records of a partition into chunks.
   *
   * @param records in log order
   * @param isLogOfToday whether a record may lose its key and its headers
   */
  static List<LogChunk> of(
      List<ConsumerRecord<String, byte[]>> records,
      Predicate<ConsumerRecord<String, byte[]>> isLogOfToday) {
    List<LogChunk> chunks = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < records.size(); i++) {
      int size = bytes(records.get(i));
      if (i > from && (i - from == MAX_RECORDS || bytes + size > MAX_BYTES)) {
        chunks.add(new LogChunk(records.subList(from, i), isLogOfToday));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    chunks.add(new LogChunk(records.subList(from, records.size()), isLogOfToday));
    return chunks;
  }

  private static int bytes(ConsumerRecord<String, byte[]> record) {
    return Math.max(0, record.serializedValueSize());
  }

  String topic() {
    return topic;
  }

  int part() {
    return part;
  }

  /** How many records. */
  int size() {
    return offsets.length;
  }

  /** Where the chunk begins. */
  Place place() {
    return place(0);
  }

  /** Where a record stands. */
  Place place(int index) {
    return new Place(part, offsets[index], Instant.ofEpochMilli(appendedMillis[index]));
  }

  long offset(int index) {
    return offsets[index];
  }

  long appendedMillis(int index) {
    return appendedMillis[index];
  }

  /** The offset after the last record. */
  long nextOffset() {
    return offsets[offsets.length - 1] + 1;
  }

  /** Bytes of its records' values. */
  long bytes() {
    return bytes;
  }

  /** A record that is no log of today's revision, or null if it is one. */
  @Nullable ConsumerRecord<String, byte[]> other(int index) {
    return others.isEmpty() ? null : others.get(index);
  }

  /** The values of all logs of today's revision, each {@link #from} an index {@link #to} one. */
  byte[] values() {
    return values;
  }

  int from(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  int to(int index) {
    return ends[index];
  }

  /** The record at an offset, if it is one of these. */
  Optional<ConsumerRecord<String, byte[]>> recordAt(long offset) {
    for (int i = 0; i < offsets.length; i++) {
      if (offsets[i] == offset) {
        return Optional.of(record(i));
      }
    }
    return Optional.empty();
  }

  /** A record; of a log of today's revision its key, its id and the sender's time are lost. */
  ConsumerRecord<String, byte[]> record(int index) {
    ConsumerRecord<String, byte[]> other = other(index);
    if (other != null) {
      return other;
    }
    byte[] value = new byte[to(index) - from(index)];
    System.arraycopy(values, from(index), value, 0, value.length);
    return new ConsumerRecord<>(
        topic,
        part,
        offsets[index],
        appendedMillis[index],
        TimestampType.LOG_APPEND_TIME,
        0,
        value.length,
        null,
        value,
        LogHeaders.ofToday(),
        Optional.empty());
  }
}
