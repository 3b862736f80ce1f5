package io.logfold.query.fold;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Some records of one partition in log order, delivered as one message: Axon's coordinator passes
 * on at most 1,024 messages and then rests for a tenth of a second, which is no way to read a log.
 * The records are read by whoever folds them, not by the thread that fetches.
 *
 * @param records at least one, all of the same partition
 */
record LogChunk(List<ConsumerRecord<String, byte[]>> records) {

  /** Records of one chunk at most. */
  static final int MAX_RECORDS = 500;

  /** And bytes of their values, more only if a single record has more. */
  static final int MAX_BYTES = 128 * 1024;

  /** Where the chunk begins. */
  Place place() {
    return Place.of(records.get(0));
  }

  /** The offset after the last record. */
  long nextOffset() {
    return records.get(records.size() - 1).offset() + 1;
  }

  /** Bytes of its values. */
  long bytes() {
    return records.stream().mapToLong(LogChunk::bytes).sum();
  }

  /**
   * Cuts records of a partition into chunks.
   *
   * @param records in log order
   */
  static List<LogChunk> of(List<ConsumerRecord<String, byte[]>> records) {
    List<LogChunk> chunks = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < records.size(); i++) {
      int size = bytes(records.get(i));
      if (i > from && (i - from == MAX_RECORDS || bytes + size > MAX_BYTES)) {
        chunks.add(new LogChunk(List.copyOf(records.subList(from, i))));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    chunks.add(new LogChunk(List.copyOf(records.subList(from, records.size()))));
    return chunks;
  }

  private static int bytes(ConsumerRecord<String, byte[]> record) {
    return Math.max(0, record.serializedValueSize());
  }
}
