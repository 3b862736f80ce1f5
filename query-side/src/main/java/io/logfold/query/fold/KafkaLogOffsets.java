package io.logfold.query.fold;

import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks Kafka's time index: the broker notes when it appends a record, in order. */
final class KafkaLogOffsets implements LogOffsets {

  private static final int CALL_TIMEOUT_MS = 4_000;
  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final String servers;
  private final String topic;
  private @Nullable Admin admin;

  KafkaLogOffsets(String servers, String topic) {
    this.servers = servers;
    this.topic = topic;
  }

  /**
   * @throws KafkaException if Kafka does not answer, or the topic is not there yet
   */
  @Override
  public synchronized Map<Integer, Long> at(Instant time) {
    try {
      return offsets(kafka(), time);
    } catch (ExecutionException e) {
      throw new KafkaException("Kafka does not say where " + time + " is on the log.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while asking where " + time + " is on the log.", e);
    }
  }

  /**
   * @throws KafkaException if Kafka does not answer, or the topic is not there yet
   */
  @Override
  public synchronized Map<Integer, Long> begins() {
    try {
      Map<Integer, Long> begins = new HashMap<>();
      List<TopicPartition> partitions = partitions(kafka());
      ask(kafka(), partitions, OffsetSpec.earliest())
          .forEach((partition, found) -> begins.put(partition.partition(), found.offset()));
      return begins;
    } catch (ExecutionException e) {
      throw new KafkaException("Kafka does not say where the log begins.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while asking where the log begins.", e);
    }
  }

  @PreDestroy
  synchronized void close() {
    if (admin != null) {
      admin.close(CLOSE);
      admin = null;
    }
  }

  private Map<Integer, Long> offsets(Admin kafka, Instant time)
      throws ExecutionException, InterruptedException {
    List<TopicPartition> partitions = partitions(kafka);
    // In this order: what is appended between the questions is after the time, and not missed.
    var found = ask(kafka, partitions, OffsetSpec.forTimestamp(time.toEpochMilli()));
    var ends = ask(kafka, partitions, OffsetSpec.latest());
    var begins = ask(kafka, partitions, OffsetSpec.earliest());
    Map<Integer, Long> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      long first = offset(found, partition);
      long offset = first >= 0 ? first : offset(ends, partition);
      if (offset > offset(begins, partition)) {
        offsets.put(partition.partition(), offset);
      }
    }
    return offsets;
  }

  private List<TopicPartition> partitions(Admin kafka)
      throws ExecutionException, InterruptedException {
    return kafka.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
        .flatMap(found -> found.partitions().stream())
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> ask(
      Admin kafka, List<TopicPartition> partitions, OffsetSpec what)
      throws ExecutionException, InterruptedException {
    return kafka
        .listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), p -> what)))
        .all()
        .get();
  }

  private static long offset(
      Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
    ListOffsetsResultInfo info = offsets.get(partition);
    return info == null ? -1 : info.offset();
  }

  private Admin kafka() {
    if (admin == null) {
      admin =
          Admin.create(
              Map.of(
                  AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                  servers,
                  AdminClientConfig.CLIENT_ID_CONFIG,
                  "logfold-offsets",
                  AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  CALL_TIMEOUT_MS,
                  AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                  CALL_TIMEOUT_MS));
    }
    return admin;
  }
}
