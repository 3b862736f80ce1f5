package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logfold.standalone.EmbeddedKafka;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source against a real broker. What the records say does not matter to it. */
class KafkaLogSourceIT {

  private static final int PARTITIONS = 4;

  @TempDir private static Path folder;
  private static EmbeddedKafka kafka;
  private static Admin admin;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(folder, 0);
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  @AfterAll
  static void stop() {
    admin.close();
    kafka.close();
  }

  @Test
  void deliversEveryRecordOfSeveralPartitionsOnceAndInOrder() throws Exception {
    KafkaLogSource source = topicWith("every-record", 20_000);
    List<Place> places = read(source, source.createTailToken(), 20_000);
    assertEachPartitionIsWhole(places, 0, 5_000);
  }

  @Test
  void goesOnAfterATokenWithNothingMissingAndNothingTwice() throws Exception {
    KafkaLogSource source = topicWith("after-a-token", 4_000);
    List<Place> places = new ArrayList<>();
    TrackingToken token = source.createTailToken();
    for (int time = 0; time < 4; time++) {
      try (BlockingStream<TrackedEventMessage<?>> stream = source.openStream(token)) {
        int until = places.size() + 1_000;
        while (places.size() < until) {
          TrackedEventMessage<?> message = stream.nextAvailable();
          token = message.trackingToken();
          addPlaces(places, message);
        }
      }
    }
    assertEachPartitionIsWhole(places, 0, 1_000);
  }

  @Test
  void beginsAtATimeByKafkasIndex() throws Exception {
    KafkaLogSource source = topicWith("at-a-time", 400);
    Instant between = Instant.ofEpochMilli(1_000_000_000_200L);
    List<Place> places = read(source, source.createTokenAt(between), 200);
    assertEachPartitionIsWhole(places, 50, 50);
    try (BlockingStream<TrackedEventMessage<?>> stream =
        source.openStream(source.createTokenAt(between.plusSeconds(60)))) {
      assertThat(stream.hasNextAvailable(300, TimeUnit.MILLISECONDS)).isFalse();
    }
  }

  @Test
  void refusesATokenThatTheLogNoLongerReachesAndNamesWhatIsMissing() throws Exception {
    KafkaLogSource source = topicWith("lost-its-head", 400);
    TrackingToken token = source.createTailToken();
    admin
        .deleteRecords(
            Map.of(new TopicPartition("lost-its-head", 2), RecordsToDelete.beforeOffset(40)))
        .all()
        .get();
    assertThatThrownBy(() -> source.openStream(token))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "lost-its-head-2: offsets 0 to 39 were not read yet and are no longer on the log.");
    read(source, source.createTailToken(), 360);
  }

  @Test
  void refusesATokenBeyondTheEndOfTheLog() throws Exception {
    TrackingToken token = topicWith("longer", 400).createHeadToken();
    KafkaLogSource shorter = topicWith("longer-again", 8);
    TrackingToken wrong =
        org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken
            .newInstance(Map.of(new TopicPartition("longer-again", 1), 99L));
    assertThat(token).isNotNull();
    assertThatThrownBy(() -> shorter.openStream(wrong))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is this the right Kafka?");
  }

  @Test
  void beginsAtTheBeginningOfATopicThatIsMadeLaterAndSaysWhoMakesIt() throws Exception {
    KafkaLogSource source = source("made-later");
    TrackingToken token = source.createTailToken();
    assertThatThrownBy(() -> source.openStream(token))
        .hasMessageContaining("the command side makes it when it starts");
    topicWith("made-later", 40);
    assertEachPartitionIsWhole(read(source, token, 40), 0, 10);
  }

  @Test
  void leavesNoThreadAndNoConsumerBehindWhenAStreamIsOpenedAndClosedAHundredTimes()
      throws Exception {
    KafkaLogSource source = topicWith("open-close", 400);
    TrackingToken token = source.createTailToken();
    for (int cycle = 0; cycle < 100; cycle++) {
      try (BlockingStream<TrackedEventMessage<?>> stream = source.openStream(token)) {
        stream.nextAvailable();
      }
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.contains("logfold-log-reader"))
        .noneMatch(name -> name.contains("logfold-fold"));
    assertThat(
            ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("kafka.consumer:type=app-info,id=logfold-*"), null))
        .isEmpty();
  }

  private static List<Place> read(KafkaLogSource source, TrackingToken token, int records)
      throws InterruptedException {
    List<Place> places = new ArrayList<>(records);
    try (BlockingStream<TrackedEventMessage<?>> stream = source.openStream(token)) {
      while (places.size() < records) {
        addPlaces(places, stream.nextAvailable());
      }
    }
    return places;
  }

  private static void addPlaces(List<Place> places, TrackedEventMessage<?> message) {
    LogChunk chunk = (LogChunk) message.getPayload();
    for (int i = 0; i < chunk.size(); i++) {
      places.add(chunk.place(i));
    }
  }

  private static void assertEachPartitionIsWhole(List<Place> places, long from, int records) {
    Map<Integer, List<Long>> offsets = new HashMap<>();
    places.forEach(
        place ->
            offsets.computeIfAbsent(place.part(), key -> new ArrayList<>()).add(place.offset()));
    assertThat(offsets).hasSize(PARTITIONS);
    offsets.forEach(
        (part, found) -> {
          assertThat(found).as("partition " + part).hasSize(records);
          for (int i = 0; i < records; i++) {
            assertThat(found.get(i)).isEqualTo(from + i);
          }
        });
  }

  /** Records are a millisecond apart, partition after partition. */
  private static KafkaLogSource topicWith(String topic, int records) throws Exception {
    // The records' times are long past: kept for a week, they would be gone at any moment.
    admin
        .createTopics(
            List.of(
                new NewTopic(topic, PARTITIONS, (short) 1).configs(Map.of("retention.ms", "-1"))))
        .all()
        .get();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 20),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        var unused =
            producer.send(
                new ProducerRecord<>(
                    topic, i % PARTITIONS, 1_000_000_000_000L + i, "key", new byte[] {1}));
      }
    }
    return source(topic);
  }

  private static KafkaLogSource source(String topic) {
    return new KafkaLogSource(
        clientId ->
            new KafkaConsumer<>(
                Map.of(
                    "bootstrap.servers",
                    kafka.bootstrapServers(),
                    "client.id",
                    clientId,
                    "auto.offset.reset",
                    "none",
                    "allow.auto.create.topics",
                    false,
                    "enable.auto.commit",
                    false),
                new StringDeserializer(),
                new ByteArrayDeserializer()),
        topic,
        Clock.systemUTC(),
        record -> false,
        new ReadAhead(Long.MAX_VALUE, part -> true, Map::of, System::nanoTime));
  }
}
