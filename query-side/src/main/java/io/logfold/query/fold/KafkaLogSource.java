package io.logfold.query.fold;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * The event log as Axon reads it, in place of the extension's own source, which loses events of
 * topics with several partitions (see {@code docs/decisions/0003}). A token holds, for every
 * partition, the offset of the last record delivered, or the one before the first. Records come in
 * {@link LogChunk}s.
 */
class KafkaLogSource implements StreamableMessageSource<TrackedEventMessage<?>> {

  private static final Duration FIRST_RECORD = Duration.ofSeconds(3);

  private final Function<String, Consumer<String, byte[]>> consumers;
  private final String topic;
  private final Clock clock;
  private final Predicate<ConsumerRecord<String, byte[]>> isLogOfToday;
  private final ReadAhead readAhead;

  /**
   * @param consumers makes a consumer for a client id; it must not reset offsets by itself
   * @param isLogOfToday whether a record may lose its key and its headers
   * @param readAhead bounds what is delivered and not folded yet
   */
  KafkaLogSource(
      Function<String, Consumer<String, byte[]>> consumers,
      String topic,
      Clock clock,
      Predicate<ConsumerRecord<String, byte[]>> isLogOfToday,
      ReadAhead readAhead) {
    this.consumers = consumers;
    this.topic = topic;
    this.clock = clock;
    this.isLogOfToday = isLogOfToday;
    this.readAhead = readAhead;
  }

  /**
   * Opens a stream of everything after a token.
   *
   * @param token where to go on, or null for the beginning
   * @throws IllegalStateException if the log no longer holds what comes after the token
   */
  @Override
  public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken token) {
    Consumer<String, byte[]> consumer = consumers.apply("logfold-fold");
    try {
      List<TopicPartition> partitions = partitions(consumer);
      Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> last = new HashMap<>(KafkaTrackingToken.from(token).getPositions());
      minusOne(first).forEach(last::putIfAbsent);
      requireOnLog(first, consumer.endOffsets(partitions), last);
      last.forEach((partition, offset) -> consumer.seek(partition, offset + 1));
      return new KafkaLogStream(consumer, last, isLogOfToday, readAhead);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /** Reads some partitions only, as {@link FeedSource} says. */
  StreamableMessageSource<TrackedEventMessage<?>> from(
      Supplier<Map<Integer, Long>> nextOffsets, ReadAhead ahead) {
    return token -> openStream(nextOffsets.get(), ahead);
  }

  private BlockingStream<TrackedEventMessage<?>> openStream(
      Map<Integer, Long> nextOffsets, ReadAhead ahead) {
    Consumer<String, byte[]> consumer = consumers.apply("logfold-feed");
    try {
      Map<TopicPartition, Long> last = new HashMap<>();
      nextOffsets.forEach((part, next) -> last.put(new TopicPartition(topic, part), next - 1));
      consumer.assign(last.keySet());
      requireOnLog(
          consumer.beginningOffsets(last.keySet()), consumer.endOffsets(last.keySet()), last);
      last.forEach((partition, offset) -> consumer.seek(partition, offset + 1));
      return new KafkaLogStream(consumer, last, isLogOfToday, ahead);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /**
   * Before the first record that the log still holds. Before there is a log, which the command side
   * makes when it starts, that is before everything: a process that starts first need not wait.
   */
  @Override
  public TrackingToken createTailToken() {
    return token(
        consumer ->
            consumer.partitionsFor(topic).isEmpty()
                ? Map.of()
                : minusOne(consumer.beginningOffsets(partitions(consumer))));
  }

  /**
   * Looks whether all that was not folded yet is still there. Before there is a log, it is.
   *
   * @param folded the next offset to fold, by partition
   * @throws LostLogs if not; the message names what is missing
   */
  void requireWhole(Map<Integer, Long> folded) {
    try (Consumer<String, byte[]> consumer = consumers.apply("logfold-head")) {
      if (consumer.partitionsFor(topic).isEmpty()) {
        return;
      }
      List<String> missing = new ArrayList<>();
      new TreeMap<>(firstOffsets(consumer))
          .forEach(
              (part, first) -> {
                long next = folded.getOrDefault(part, 0L);
                if (first > next) {
                  missing.add(missing(consumer, new TopicPartition(topic, part), next, first));
                }
              });
      if (!missing.isEmpty()) {
        throw new LostLogs(String.join(" ", missing));
      }
    }
  }

  private Map<Integer, Long> firstOffsets(Consumer<String, byte[]> consumer) {
    Map<Integer, Long> first = new HashMap<>();
    consumer
        .beginningOffsets(partitions(consumer))
        .forEach((partition, offset) -> first.put(partition.partition(), offset));
    return first;
  }

  private static String missing(
      Consumer<String, byte[]> consumer, TopicPartition partition, long next, long first) {
    return "%s: offsets %d to %d were never folded here and are no longer on the log; the first record kept %s."
        .formatted(partition, next, first - 1, firstKept(consumer, partition, first));
  }

  private static String firstKept(
      Consumer<String, byte[]> consumer, TopicPartition partition, long first) {
    consumer.assign(List.of(partition));
    consumer.seek(partition, first);
    List<ConsumerRecord<String, byte[]>> found = consumer.poll(FIRST_RECORD).records(partition);
    return found.isEmpty()
        ? "is still to come"
        : "was appended at " + Instant.ofEpochMilli(found.get(0).timestamp());
  }

  /** After the last record of this moment. */
  @Override
  public TrackingToken createHeadToken() {
    return token(consumer -> minusOne(consumer.endOffsets(partitions(consumer))));
  }

  /** Before the first record appended at a time or later, by Kafka's time index. */
  @Override
  public TrackingToken createTokenAt(Instant time) {
    return token(
        consumer -> {
          List<TopicPartition> partitions = partitions(consumer);
          Map<TopicPartition, Long> last = minusOne(consumer.endOffsets(partitions));
          Map<TopicPartition, Long> times = new HashMap<>();
          partitions.forEach(partition -> times.put(partition, time.toEpochMilli()));
          consumer
              .offsetsForTimes(times)
              .forEach((partition, found) -> before(last, partition, found));
          return last;
        });
  }

  @Override
  public TrackingToken createTokenSince(Duration duration) {
    return createTokenAt(clock.instant().minus(duration));
  }

  private static void before(
      Map<TopicPartition, Long> last,
      TopicPartition partition,
      @Nullable OffsetAndTimestamp found) {
    if (found != null) {
      last.put(partition, found.offset() - 1);
    }
  }

  private TrackingToken token(
      Function<Consumer<String, byte[]>, Map<TopicPartition, Long>> positions) {
    try (Consumer<String, byte[]> consumer = consumers.apply("logfold-token")) {
      return KafkaTrackingToken.newInstance(positions.apply(consumer));
    }
  }

  /** All partitions there are, assigned to the consumer. */
  private List<TopicPartition> partitions(Consumer<String, byte[]> consumer) {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found.isEmpty()) {
      throw new IllegalStateException(
          "Topic '" + topic + "' does not exist yet; the command side makes it when it starts.");
    }
    List<TopicPartition> partitions =
        found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    consumer.assign(partitions);
    return partitions;
  }

  private static Map<TopicPartition, Long> minusOne(Map<TopicPartition, Long> offsets) {
    Map<TopicPartition, Long> last = new HashMap<>();
    offsets.forEach((partition, offset) -> last.put(partition, offset - 1));
    return last;
  }

  private static void requireOnLog(
      Map<TopicPartition, Long> first,
      Map<TopicPartition, Long> end,
      Map<TopicPartition, Long> last) {
    last.forEach(
        (partition, offset) -> {
          Long begins = first.get(partition);
          Long ends = end.get(partition);
          if (begins == null || ends == null) {
            throw new IllegalStateException(
                "%s was read before and is gone: is this the right Kafka?".formatted(partition));
          }
          if (offset + 1 < begins) {
            throw new LostLogs(
                "%s: offsets %d to %d were not read yet and are no longer on the log."
                    .formatted(partition, offset + 1, begins - 1));
          }
          if (offset + 1 > ends) {
            throw new IllegalStateException(
                "%s was read up to offset %d, but the log ends at %d: is this the right Kafka?"
                    .formatted(partition, offset, ends));
          }
        });
  }
}
