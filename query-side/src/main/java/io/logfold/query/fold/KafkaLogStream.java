package io.logfold.query.fold;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * First in, first out: records leave in the order in which the consumer handed them over, so a
 * token never runs ahead of a record that is still to come. One thread owns the consumer; it keeps
 * at most {@value #WAITING} chunks waiting, and gives out no more than {@link ReadAhead} has room
 * for.
 */
final class KafkaLogStream implements BlockingStream<TrackedEventMessage<?>> {

  private static final int WAITING = 8;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE = Duration.ofSeconds(2);
  private static final Logger log = LoggerFactory.getLogger(KafkaLogStream.class);

  private final Consumer<String, byte[]> consumer;
  private final Predicate<ConsumerRecord<String, byte[]>> isLogOfToday;
  private final ReadAhead readAhead;
  private final Map<TopicPartition, Long> last;
  private final BlockingQueue<TrackedEventMessage<?>> ready = new ArrayBlockingQueue<>(WAITING);
  private final Thread reader;
  private volatile boolean closed;
  private volatile @Nullable Exception failure;
  private volatile Runnable onAvailable = () -> {};

  /**
   * @param consumer assigned and positioned; closed by this stream
   * @param last the offset before the next record, by partition
   * @param isLogOfToday whether a record may lose its key and its headers
   * @param readAhead bounds what is delivered and not folded yet
   */
  KafkaLogStream(
      Consumer<String, byte[]> consumer,
      Map<TopicPartition, Long> last,
      Predicate<ConsumerRecord<String, byte[]>> isLogOfToday,
      ReadAhead readAhead) {
    this.consumer = consumer;
    this.isLogOfToday = isLogOfToday;
    this.readAhead = readAhead;
    this.last = new HashMap<>(last);
    this.reader = new Thread(this::readUntilClosed, "logfold-log-reader");
    this.reader.setDaemon(true);
    readAhead.restart(this::changed);
    this.reader.start();
  }

  @Override
  public Optional<TrackedEventMessage<?>> peek() {
    return Optional.ofNullable(ready.peek());
  }

  @Override
  public synchronized boolean hasNextAvailable(int timeout, TimeUnit unit)
      throws InterruptedException {
    long deadline = System.nanoTime() + unit.toNanos(timeout);
    while (ready.isEmpty() || !readAhead.hasRoom()) {
      Exception failed = failure;
      if (failed != null && ready.isEmpty()) {
        throw new IllegalStateException("Reading the log failed: " + failed.getMessage(), failed);
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (closed || left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  @Override
  public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
    TrackedEventMessage<?> message = ready.take();
    if (message.getPayload() instanceof LogChunk chunk) {
      readAhead.delivered(chunk);
    }
    return message;
  }

  @Override
  public boolean setOnAvailableCallback(Runnable callback) {
    onAvailable = callback;
    return true;
  }

  /** Ends the reading and waits for it, so that neither a thread nor a consumer is left behind. */
  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      reader.join(CLOSE.multipliedBy(2).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void changed() {
    synchronized (this) {
      notifyAll();
    }
    onAvailable.run();
  }

  private void readUntilClosed() {
    try {
      while (!closed) {
        ConsumerRecords<String, byte[]> polled = consumer.poll(POLL);
        for (TopicPartition partition : polled.partitions()) {
          putInChunks(polled.records(partition));
        }
        if (!ready.isEmpty()) {
          changed();
        }
      }
    } catch (WakeupException e) {
      log.debug("The stream was closed while it read.");
    } catch (InterruptedException | RuntimeException e) {
      failure = e;
      changed();
    } finally {
      closeConsumer();
    }
  }

  private void closeConsumer() {
    try {
      consumer.close(CloseOptions.timeout(CLOSE));
    } catch (RuntimeException e) {
      log.warn("Closing a Kafka consumer failed: {}", e.getMessage());
    }
  }

  private void putInChunks(List<ConsumerRecord<String, byte[]>> records)
      throws InterruptedException {
    for (LogChunk chunk : LogChunk.of(records, isLogOfToday)) {
      last.put(partitionOf(chunk), chunk.nextOffset() - 1);
      TrackedEventMessage<?> message = message(chunk);
      while (!closed && !ready.offer(message, POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        changed();
      }
    }
  }

  private static TopicPartition partitionOf(LogChunk chunk) {
    return new TopicPartition(chunk.topic(), chunk.part());
  }

  private TrackedEventMessage<?> message(LogChunk chunk) {
    return new GenericTrackedEventMessage<>(
        KafkaTrackingToken.newInstance(last),
        new GenericEventMessage<>(chunk, chunk.place().toMetaData()));
  }
}
