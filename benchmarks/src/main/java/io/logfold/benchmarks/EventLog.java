package io.logfold.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/** The topics of the broker, seen from outside. */
final class EventLog implements AutoCloseable {

  /** The topic that the command side writes. */
  static final String TOPIC = "logfold.access-logs";

  private final Admin admin;
  private final int partitions;

  EventLog(String bootstrapServers, int partitions) {
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    this.partitions = partitions;
  }

  static List<TopicPartition> partitions(String topic, int count) {
    return IntStream.range(0, count).mapToObj(part -> new TopicPartition(topic, part)).toList();
  }

  /** Records that were ever appended to the log. */
  long records() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> ends =
        partitions(TOPIC, partitions).stream()
            .collect(Collectors.toMap(part -> part, part -> OffsetSpec.latest()));
    return admin.listOffsets(ends).all().get().values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  /** What the log takes on the disk. */
  long bytes() throws ExecutionException, InterruptedException {
    List<Integer> brokers =
        admin.describeCluster().nodes().get().stream().map(node -> node.id()).toList();
    return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
        .flatMap(folders -> folders.values().stream())
        .flatMap(folder -> folder.replicaInfos().entrySet().stream())
        .filter(replica -> replica.getKey().topic().equals(TOPIC))
        .mapToLong(replica -> replica.getValue().size())
        .sum();
  }

  /** Makes a topic like the log's. */
  void create(String topic) throws ExecutionException, InterruptedException {
    NewTopic like =
        new NewTopic(topic, partitions, (short) 1)
            .configs(Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
    admin.createTopics(List.of(like)).all().get();
  }

  void delete(String topic) throws ExecutionException, InterruptedException {
    admin.deleteTopics(List.of(topic)).all().get();
  }

  @Override
  public void close() {
    admin.close();
  }
}
