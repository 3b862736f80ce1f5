package io.logfold.query.fold;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record to keep aside.
 *
 * @param fold who could not fold it; {@link Fold#REQUESTS} if it cannot be read
 * @param record as it stands on the log
 * @param error what is wrong with it
 */
record DeadLetter(Fold fold, ConsumerRecord<String, byte[]> record, String error) {

  static DeadLetter of(Arrival.Unreadable unreadable) {
    return new DeadLetter(Fold.REQUESTS, unreadable.record(), unreadable.reason());
  }

  @Override
  public String toString() {
    return "offset %d of partition %d: %s".formatted(record.offset(), record.partition(), error);
  }
}
