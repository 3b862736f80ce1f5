package io.logfold.query.domainevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.logfold.api.alerts.AlertRuleEvent.Paused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.record.TimestampType;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.extensions.kafka.eventhandling.DefaultKafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.serialization.json.JacksonSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The source on Kafka's own consumer in memory. */
class DomainEventSourceTest {

  private static final String TOPIC = "events";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  private final JacksonSerializer serializer = JacksonSerializer.defaultSerializer();
  private final DefaultKafkaMessageConverter converter =
      DefaultKafkaMessageConverter.builder().serializer(serializer).build();
  private final Fetching consumer = new Fetching();
  private final AtomicBoolean topicIsThere = new AtomicBoolean(true);
  private final AtomicBoolean consumerIsMade = new AtomicBoolean();
  private final DomainEventSource source =
      new DomainEventSource(
          () -> {
            consumerIsMade.set(true);
            return consumer;
          },
          serializer,
          converter,
          TOPIC,
          topicIsThere::get);

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void keepsTheOrderOfTheTopicThoughTheRecordsTimestampsGoBack() throws Exception {
    givenRecords(5, offset -> 1_000 - 100 * offset);
    assertThat(read(source.openStream(null), 5)).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void goesOnAfterTheToken() throws Exception {
    givenRecords(5, offset -> offset);
    var token = KafkaTrackingToken.newInstance(Map.of(PARTITION, 2L));
    assertThat(read(source.openStream(token), 2)).containsExactly(3L, 4L);
  }

  @Test
  void bringsTheAggregateTheSequenceNumberAndTheTimeOfAnEvent() throws Exception {
    givenRecords(1, offset -> offset);
    try (BlockingStream<TrackedEventMessage<?>> stream = source.openStream(null)) {
      assertThat(stream.hasNextAvailable(30, TimeUnit.SECONDS)).isTrue();
      DomainEventMessage<?> event = (DomainEventMessage<?>) stream.nextAvailable();
      assertThat(event.getAggregateIdentifier()).isEqualTo("a");
      assertThat(event.getSequenceNumber()).isZero();
      assertThat(event.getTimestamp()).isEqualTo("2026-11-24T10:41:00.123Z");
      assertThat(event.getPayload()).isEqualTo(new Paused("a"));
    }
  }

  @Test
  void isEmptyUntilThereIsATopicAndThenGoesOnByItself() throws Exception {
    givenRecords(1, offset -> offset);
    topicIsThere.set(false);
    try (BlockingStream<TrackedEventMessage<?>> stream = source.openStream(null)) {
      assertThat(stream.hasNextAvailable()).isFalse();
      assertThat(stream.peek()).isEmpty();
      assertThat(consumerIsMade).isFalse();
      topicIsThere.set(true);
      assertThat(stream.hasNextAvailable(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void leavesNoConsumerBehindWhenKafkaCannotBeAsked() throws Exception {
    consumer.unreachable = true;
    try (BlockingStream<TrackedEventMessage<?>> stream = source.openStream(null)) {
      assertThatThrownBy(stream::hasNextAvailable).isInstanceOf(TimeoutException.class);
    }
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void tellsTheReaderThatReadingFailedAfterWhatWasRead() throws Exception {
    givenRecords(1, offset -> offset);
    try (BlockingStream<TrackedEventMessage<?>> stream = source.openStream(null)) {
      assertThat(stream.hasNextAvailable(30, TimeUnit.SECONDS)).isTrue();
      consumer.setPollException(new KafkaException("out of range"));
      await().untilAsserted(() -> assertThat(consumer.closed()).isTrue());
      assertThat(stream.nextAvailable()).isNotNull();
      assertThatThrownBy(stream::hasNextAvailable).hasRootCauseMessage("out of range");
    }
  }

  @Test
  void leavesNoConsumerBehindWhenAStreamIsClosedWithMoreInStoreThanItHolds() throws Exception {
    givenRecords(5_000, offset -> offset);
    BlockingStream<TrackedEventMessage<?>> stream = source.openStream(null);
    assertThat(stream.hasNextAvailable(30, TimeUnit.SECONDS)).isTrue();
    await().untilAsserted(() -> assertThat(consumer.position(PARTITION)).isEqualTo(1_500));
    stream.close();
    await().untilAsserted(() -> assertThat(consumer.closed()).isTrue());
  }

  /** Records of an aggregate's events from offset 0, with timestamps by offset. */
  private void givenRecords(int count, LongUnaryOperator timestamp) {
    consumer.updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, null, null)));
    consumer.schedulePollTask(
        () -> {
          for (long offset = 0; offset < count; offset++) {
            consumer.addRecord(record(offset, timestamp.applyAsLong(offset)));
          }
        });
  }

  private ConsumerRecord<String, byte[]> record(long offset, long timestamp) {
    ProducerRecord<String, byte[]> sent =
        converter.createKafkaMessage(
            new GenericDomainEventMessage<>(
                "AlertRule",
                "a",
                offset,
                new GenericMessage<>(new Paused("a")),
                Instant.parse("2026-11-24T10:41:00.123Z")),
            TOPIC);
    return new ConsumerRecord<>(
        TOPIC,
        0,
        offset,
        timestamp,
        TimestampType.CREATE_TIME,
        -1,
        -1,
        sent.key(),
        sent.value(),
        sent.headers(),
        Optional.empty());
  }

  /** The sequence numbers of the next events. */
  private static List<Long> read(BlockingStream<TrackedEventMessage<?>> stream, int count)
      throws InterruptedException {
    List<Long> numbers = new ArrayList<>();
    try (stream) {
      while (numbers.size() < count) {
        assertThat(stream.hasNextAvailable(30, TimeUnit.SECONDS)).isTrue();
        numbers.add(((DomainEventMessage<?>) stream.nextAvailable()).getSequenceNumber());
      }
    }
    return numbers;
  }

  /** Kafka's consumer in memory, of a cluster that may be away. */
  private static final class Fetching extends MockConsumer<String, byte[]> {

    private volatile boolean unreachable;

    Fetching() {
      super("none");
      setMaxPollRecords(500);
    }

    @Override
    public synchronized Map<String, List<PartitionInfo>> listTopics() {
      if (unreachable) {
        throw new TimeoutException("away");
      }
      return super.listTopics();
    }
  }
}
