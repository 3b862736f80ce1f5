package io.logfold.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Asks the sides once a second how large their heaps are, and keeps the largest. */
final class HeapWatch implements AutoCloseable {

  private static final long POLL_MILLIS = 1_000;
  private static final String COMMITTED = "/actuator/metrics/jvm.memory.committed?tag=area:heap";
  private static final String USED = "/actuator/metrics/jvm.memory.used?tag=area:heap";

  private final Http http;
  private final List<Rig.Side> sides;
  private final SortedMap<String, Long> largest = new TreeMap<>();
  private final Thread watcher = new Thread(this::watch, "heap-watch");

  HeapWatch(Http http, List<Rig.Side> sides) {
    this.http = http;
    this.sides = sides;
    watcher.setDaemon(true);
    watcher.start();
  }

  /** Bytes in the heap of a side now, garbage too; null when it is too busy to say. */
  static @Nullable Double usedBytes(Http http, Rig.Side side) throws InterruptedException {
    try {
      return http.json(side.url().resolve(USED)).at("/measurements/0/value").asDouble();
    } catch (IOException e) {
      return null;
    }
  }

  /** Bytes that the heap took from the system at most, by the name of the side. */
  synchronized SortedMap<String, Long> largest() {
    return new TreeMap<>(largest);
  }

  @Override
  public void close() {
    watcher.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        for (Rig.Side side : sides) {
          look(side);
        }
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Rig.Side side) throws InterruptedException {
    try {
      long bytes = http.json(side.url().resolve(COMMITTED)).at("/measurements/0/value").asLong();
      synchronized (this) {
        largest.merge(side.process().name(), bytes, Math::max);
      }
    } catch (IOException e) {
      // Too busy to say; a second later it will.
    }
  }
}
