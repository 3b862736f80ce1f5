package io.logfold.query.fold;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Bounds the bytes that were delivered to the fold and are not folded yet: Axon alone would queue
 * 1,024 chunks a segment. Thread-safe.
 *
 * <p>Only partitions of segments that this process holds count. So what nobody here will fold, or
 * what a failed segment dropped, takes no room.
 *
 * <p>When a segment comes from a process that was ahead, Axon keeps the stream and drops what the
 * other has folded already, without a word. So when there is no room the positions are asked too,
 * or that would be waited for for ever.
 */
final class ReadAhead {

  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long maxBytes;
  private final IntPredicate isOurs;
  private final Supplier<Map<Integer, Long>> positions;
  private final LongSupplier nanoTime;
  private final Map<Integer, Waiting> waitingByPart = new ConcurrentHashMap<>();
  private volatile Runnable onRoom = () -> {};
  private volatile long askedNanos;

  /**
   * @param isOurs whether a segment of this process folds a partition
   * @param positions the next offset to fold of each partition, whoever folded it; empty while
   *     nobody can say
   * @param nanoTime a clock that only goes forward
   */
  ReadAhead(
      long maxBytes,
      IntPredicate isOurs,
      Supplier<Map<Integer, Long>> positions,
      LongSupplier nanoTime) {
    this.maxBytes = maxBytes;
    this.isOurs = isOurs;
    this.positions = positions;
    this.nanoTime = nanoTime;
    this.askedNanos = nanoTime.getAsLong();
  }

  /**
   * A stream begins, and delivers what was not folded again.
   *
   * @param action to run when there is room again
   */
  void restart(Runnable action) {
    waitingByPart.values().forEach(Waiting::clear);
    onRoom = action;
  }

  /** The log is folded again from its beginning. */
  void reset() {
    waitingByPart.clear();
  }

  boolean hasRoom() {
    return bytes() < maxBytes || (isTimeToAsk() && roomByPositions());
  }

  /** A chunk is on its way to its segment, or is dropped if that is not ours. */
  void delivered(LogChunk chunk) {
    int part = chunk.part();
    if (isOurs.test(part)) {
      waitingByPart
          .computeIfAbsent(part, key -> new Waiting())
          .add(chunk.nextOffset(), chunk.bytes());
    }
  }

  /** A partition is folded up to an offset. */
  void done(int part, long nextOffset) {
    waitingByPart.computeIfAbsent(part, key -> new Waiting()).done(nextOffset);
    onRoom.run();
  }

  private long bytes() {
    long bytes = 0;
    for (Map.Entry<Integer, Waiting> entry : waitingByPart.entrySet()) {
      Waiting waiting = entry.getValue();
      if (waiting.bytes() > 0) {
        if (isOurs.test(entry.getKey())) {
          bytes += waiting.bytes();
        } else {
          waiting.clear();
        }
      }
    }
    return bytes;
  }

  private boolean isTimeToAsk() {
    long now = nanoTime.getAsLong();
    if (now - askedNanos < ASK_AGAIN_NANOS) {
      return false;
    }
    askedNanos = now;
    return true;
  }

  private boolean roomByPositions() {
    positions
        .get()
        .forEach(
            (part, nextOffset) -> {
              Waiting waiting = waitingByPart.get(part);
              if (waiting != null) {
                waiting.done(nextOffset);
              }
            });
    return bytes() < maxBytes;
  }

  private static final class Waiting {

    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private long bytes;
    private long folded;

    private record Chunk(long nextOffset, long bytes) {}

    synchronized void add(long nextOffset, long size) {
      if (nextOffset > folded) {
        chunks.add(new Chunk(nextOffset, size));
        bytes += size;
      }
    }

    synchronized void done(long nextOffset) {
      folded = Math.max(folded, nextOffset);
      while (!chunks.isEmpty() && chunks.element().nextOffset() <= folded) {
        bytes -= chunks.remove().bytes();
      }
    }

    synchronized long bytes() {
      return bytes;
    }

    synchronized void clear() {
      chunks.clear();
      bytes = 0;
    }
  }
}
