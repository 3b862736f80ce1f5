package io.logfold.benchmarks;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks for times in which the machine kept somebody waiting who wanted next to nothing of it: so
 * that an answer that took long because of the machine can be told from one that took long because
 * of us.
 */
final class StallWatch implements AutoCloseable {

  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration BETWEEN_WRITES = Duration.ofMillis(100);
  private static final int WRITE_BYTES = 4_096;

  private final AtomicLong processorNanos = new AtomicLong();
  private final AtomicLong diskNanos = new AtomicLong();
  private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledExecutorService writes = Executors.newSingleThreadScheduledExecutor();
  private final FileChannel file;
  private long lastTickNanos;

  /**
   * Begins to look.
   *
   * @param folder on the disk to look at
   */
  StallWatch(Path folder) throws IOException {
    this.file = FileChannel.open(folder.resolve("stall-watch"), CREATE, WRITE);
    this.lastTickNanos = System.nanoTime();
    var unusedTicks =
        ticks.scheduleWithFixedDelay(
            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    var unusedWrites =
        writes.scheduleWithFixedDelay(
            this::write, 0, BETWEEN_WRITES.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * The longest waits of a time.
   *
   * @param processorMillis for a processor, from when a thread was due to run
   * @param diskMillis for 4 KB to be on the disk
   */
  record Stalls(double processorMillis, double diskMillis) {}

  /** Forgets what was until now. */
  void startOver() {
    processorNanos.set(0);
    diskNanos.set(0);
  }

  /** The longest waits since the last start. */
  Stalls longest() {
    return new Stalls(processorNanos.get() / 1e6, diskNanos.get() / 1e6);
  }

  @Override
  public void close() throws IOException {
    ticks.shutdownNow();
    writes.shutdownNow();
    file.close();
  }

  private void tick() {
    long now = System.nanoTime();
    processorNanos.accumulateAndGet(now - lastTickNanos - TICK.toNanos(), Math::max);
    lastTickNanos = now;
  }

  private void write() {
    long began = System.nanoTime();
    try {
      file.write(ByteBuffer.allocate(WRITE_BYTES), 0);
      file.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    diskNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
  }
}
