package io.logfold.query.fold;

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

  /** Records of one chunk at most: 1,024 waiting chunks are then some 100 MB. */
  static final int MAX_RECORDS = 100;

  /** Where the chunk begins. */
  Place place() {
    return Place.of(records.get(0));
  }
}
