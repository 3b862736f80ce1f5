package io.logfold.query.fold;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a transaction takes in of one partition, in log order. Not thread-safe. */
final class Batch {

  private final int part;
  private final List<Arrival> arrivals = new ArrayList<>();
  private final List<LogChunk> chunks = new ArrayList<>();

  Batch(int part) {
    this.part = part;
  }

  int part() {
    return part;
  }

  void add(Arrival arrival) {
    if (arrivals.isEmpty() || arrival.offset() >= nextOffset()) {
      arrivals.add(arrival);
    }
  }

  /**
   * Takes in a chunk.
   *
   * @param read what its records say
   */
  void add(LogChunk chunk, List<Arrival> read) {
    chunks.add(chunk);
    read.forEach(this::add);
  }

  /** The record that brought a log of this batch; if it came without one, one without bytes. */
  ConsumerRecord<String, byte[]> record(ReceivedLog received) {
    long offset = received.offset();
    return chunks.stream()
        .filter(chunk -> offset >= chunk.place().offset() && offset < chunk.nextOffset())
        .flatMap(chunk -> chunk.recordAt(offset).stream())
        .findFirst()
        .orElseGet(received::withoutRecord);
  }

  /** The offset after the last record. */
  long nextOffset() {
    return arrivals.get(arrivals.size() - 1).offset() + 1;
  }

  /**
   * What was not folded before.
   *
   * @param position the next offset to fold, or null if nothing was folded yet
   * @throws IllegalStateException if records between the position and this batch are missing: every
   *     record is delivered, readable or not, so a jump means that some were lost
   */
  List<Arrival> from(@Nullable Long position) {
    if (position == null || arrivals.get(0).offset() == position) {
      return arrivals;
    }
    List<Arrival> fresh =
        arrivals.stream().filter(arrival -> arrival.offset() >= position).toList();
    if (!fresh.isEmpty() && fresh.get(0).offset() > position) {
      throw new IllegalStateException(
          "Partition %d was folded up to offset %d, but the log goes on at %d: the records between are missing."
              .formatted(part, position, fresh.get(0).offset()));
    }
    return fresh;
  }
}
