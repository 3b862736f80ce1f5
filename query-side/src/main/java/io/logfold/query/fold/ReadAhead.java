package io.logfold.query.fold;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * Bounds the bytes that were delivered to the fold and are not folded yet: Axon alone would queue
 * 1,024 chunks a segment. Thread-safe.
 *
 * <p>Only partitions of segments that this process holds count. So what nobody here will fold, or
 * what a failed segment dropped, takes no room; when the segment is claimed again, its stream
 * begins anew.
 */
final class ReadAhead {

  private final long maxBytes;
  private final IntPredicate isOurs;
  private final Map<Integer, Waiting> waitingByPart = new ConcurrentHashMap<>();
  private volatile Runnable onRoom = () -> {};

  /**
   * @param isOurs whether a segment of this process folds a partition
   */
  ReadAhead(long maxBytes, IntPredicate isOurs) {
    this.maxBytes = maxBytes;
    this.isOurs = isOurs;
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
    long bytes = 0;
    for (Map.Entry<Integer, Waiting> entry : waitingByPart.entrySet()) {
      long waiting = entry.getValue().bytes();
      if (waiting > 0 && isOurs.test(entry.getKey())) {
        bytes += waiting;
      }
    }
    return bytes < maxBytes;
  }

  void delivered(LogChunk chunk) {
    waitingByPart
        .computeIfAbsent(chunk.place().part(), part -> new Waiting())
        .add(chunk.nextOffset(), chunk.bytes());
  }

  /** A partition is folded up to an offset. */
  void done(int part, long nextOffset) {
    waitingByPart.computeIfAbsent(part, key -> new Waiting()).done(nextOffset);
    onRoom.run();
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
