package io.logfold.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The limit of the fold: one consumer with its settings that reads the log from its beginning. */
final class PlainConsumer {

  private static final Duration POLL = Duration.ofMillis(200);

  private final String bootstrapServers;
  private final int partitions;

  PlainConsumer(String bootstrapServers, int partitions) {
    this.bootstrapServers = bootstrapServers;
    this.partitions = partitions;
  }

  /** Reads so many records, which must be there, and keeps them. */
  List<ConsumerRecord<String, byte[]>> take(int logs) {
    List<ConsumerRecord<String, byte[]>> taken = new ArrayList<>(logs);
    long unused = each(logs, taken::add);
    return taken;
  }

  /**
   * Reads so many records, which must be there, and does something with each.
   *
   * @return no CPU time; connecting included
   */
  Speed read(long logs, Consumer<ConsumerRecord<String, byte[]>> work) {
    long began = System.nanoTime();
    long read = each(logs, work);
    return new Speed(read, (System.nanoTime() - began) / 1e9, 0);
  }

  private long each(long logs, Consumer<ConsumerRecord<String, byte[]>> work) {
    long read = 0;
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings(), new StringDeserializer(), new ByteArrayDeserializer())) {
      var all = EventLog.partitions(EventLog.TOPIC, partitions);
      consumer.assign(all);
      consumer.seekToBeginning(all);
      while (read < logs) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          work.accept(record);
          read++;
        }
      }
    }
    return read;
  }

  /** As the query side's {@code FoldConfiguration} has them. */
  private Map<String, Object> settings() {
    return Map.of(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
        bootstrapServers,
        ConsumerConfig.CLIENT_ID_CONFIG,
        "limits-consumer",
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "none",
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed",
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        2000);
  }
}
