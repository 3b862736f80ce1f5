package io.logfold.query.domainevents;

import java.util.Collection;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.Buffer;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * What was fetched and not taken yet, in the topic's order. The extension's own buffer sorts by the
 * records' timestamps: where a second writer's clock is behind the first one's, it hands out a
 * later offset first, and Axon takes the earlier one for already seen.
 */
final class InOrderBuffer implements Buffer<KafkaEventMessage> {

  /** At least as many as a poll may bring, so that {@link #clear} sets a waiting fetcher free. */
  private static final int CAPACITY = 1_000;

  private final LinkedBlockingQueue<KafkaEventMessage> queue = new LinkedBlockingQueue<>(CAPACITY);
  private volatile @Nullable RuntimeException failure;

  @Override
  public void put(KafkaEventMessage message) throws InterruptedException {
    queue.put(message);
  }

  @Override
  public void putAll(Collection<KafkaEventMessage> messages) throws InterruptedException {
    for (KafkaEventMessage message : messages) {
      queue.put(message);
    }
  }

  @Override
  public @Nullable KafkaEventMessage poll(long timeout, TimeUnit unit) throws InterruptedException {
    KafkaEventMessage message = queue.poll(timeout, unit);
    if (message == null) {
      throwFailure();
    }
    return message;
  }

  @Override
  public KafkaEventMessage take() throws InterruptedException {
    KafkaEventMessage message = null;
    while (message == null) {
      message = poll(1, TimeUnit.SECONDS);
    }
    return message;
  }

  @Override
  public @Nullable KafkaEventMessage peek() {
    return queue.peek();
  }

  @Override
  public int size() {
    return queue.size();
  }

  @Override
  public boolean isEmpty() {
    return queue.isEmpty();
  }

  @Override
  public int remainingCapacity() {
    return queue.remainingCapacity();
  }

  @Override
  public void clear() {
    queue.clear();
  }

  /** Thrown to who asks for more, once what was fetched before is taken. */
  @Override
  public void setException(RuntimeException exception) {
    failure = exception;
  }

  private void throwFailure() {
    RuntimeException known = failure;
    if (known != null) {
      throw known;
    }
  }
}
