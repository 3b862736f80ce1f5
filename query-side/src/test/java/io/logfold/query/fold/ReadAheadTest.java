package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

  private final Set<Integer> ours = new HashSet<>(Set.of(0, 1));
  private final Map<Integer, Long> positions = new HashMap<>();
  private final AtomicLong nanoTime = new AtomicLong();
  private final ReadAhead readAhead =
      new ReadAhead(1_000, ours::contains, () -> positions, nanoTime::get);

  @Test
  void hasRoomUntilItsBytesAreDelivered() {
    readAhead.delivered(chunk(0, 0, 9));
    assertThat(readAhead.hasRoom()).isTrue();
    readAhead.delivered(chunk(1, 0, 1));
    assertThat(readAhead.hasRoom()).isFalse();
  }

  @Test
  void hasRoomAgainAndSaysSoWhenAChunkIsFolded() {
    AtomicInteger told = new AtomicInteger();
    readAhead.restart(told::incrementAndGet);
    readAhead.delivered(chunk(0, 0, 10));
    readAhead.done(0, 9);
    assertThat(readAhead.hasRoom()).isFalse();
    readAhead.done(0, 10);
    assertThat(readAhead.hasRoom()).isTrue();
    assertThat(told).hasPositiveValue();
  }

  @Test
  void countsNothingThatNobodyHereWillFold() {
    readAhead.delivered(chunk(2, 0, 10));
    assertThat(readAhead.hasRoom()).isTrue();
    readAhead.delivered(chunk(0, 0, 10));
    assertThat(readAhead.hasRoom()).isFalse();
    ours.remove(0);
    assertThat(readAhead.hasRoom()).isTrue();
  }

  @Test
  void countsNothingThatWasDroppedBeforeItsSegmentCameHere() {
    readAhead.delivered(chunk(2, 0, 10));
    ours.add(2);
    assertThat(readAhead.hasRoom()).isTrue();
  }

  @Test
  void countsNothingThatALostSegmentDroppedWhenItComesBack() {
    readAhead.delivered(chunk(0, 0, 10));
    ours.remove(0);
    assertThat(readAhead.hasRoom()).isTrue();
    ours.add(0);
    assertThat(readAhead.hasRoom()).isTrue();
  }

  @Test
  void waitsForNothingThatAnotherProcessFolded() {
    readAhead.delivered(chunk(0, 0, 10));
    positions.put(0, 10L);
    assertThat(readAhead.hasRoom()).isFalse();
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(readAhead.hasRoom()).isTrue();
  }

  @Test
  void asksForThePositionsOnceASecondAtMost() {
    readAhead.delivered(chunk(0, 0, 10));
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(readAhead.hasRoom()).isFalse();
    positions.put(0, 10L);
    nanoTime.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
    assertThat(readAhead.hasRoom()).isFalse();
  }

  @Test
  void countsNothingAgainThatIsDeliveredAgainAfterItWasFolded() {
    readAhead.delivered(chunk(0, 0, 10));
    readAhead.done(0, 10);
    readAhead.restart(() -> {});
    readAhead.delivered(chunk(0, 0, 10));
    assertThat(readAhead.hasRoom()).isTrue();
    readAhead.delivered(chunk(0, 10, 10));
    assertThat(readAhead.hasRoom()).isFalse();
  }

  @Test
  void countsEverythingAnewAfterAReset() {
    readAhead.done(0, 100);
    readAhead.reset();
    readAhead.delivered(chunk(0, 0, 10));
    assertThat(readAhead.hasRoom()).isFalse();
  }

  @Test
  void cutsAPartitionsRecordsIntoChunksThatAreNeitherTooLongNorTooLarge() {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    for (int offset = 0; offset < 1_200; offset++) {
      records.add(record(0, offset, 100));
    }
    records.add(record(0, 1_200, LogChunk.MAX_BYTES + 1));
    records.add(record(0, 1_201, LogChunk.MAX_BYTES));
    List<LogChunk> chunks = LogChunk.of(records, none -> false);
    assertThat(chunks).extracting(LogChunk::size).containsExactly(500, 500, 200, 1, 1);
    assertThat(chunks)
        .extracting(LogChunk::nextOffset)
        .containsExactly(500L, 1_000L, 1_200L, 1_201L, 1_202L);
  }

  /** Records of 100 bytes each. */
  private static LogChunk chunk(int part, long offset, int records) {
    List<ConsumerRecord<String, byte[]>> chunk = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      chunk.add(record(part, offset + i, 100));
    }
    return new LogChunk(chunk, none -> false);
  }

  private static ConsumerRecord<String, byte[]> record(int part, long offset, int bytes) {
    return new ConsumerRecord<>(
        "t",
        part,
        offset,
        0,
        TimestampType.LOG_APPEND_TIME,
        0,
        bytes,
        null,
        new byte[0],
        new RecordHeaders(),
        java.util.Optional.empty());
  }
}
