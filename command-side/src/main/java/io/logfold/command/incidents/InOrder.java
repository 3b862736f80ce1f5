package io.logfold.command.incidents;

import java.util.Collection;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.Buffer;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * What was fetched and not handled yet, in the order of the topic. The stock buffer sorts by time:
 * of two producers whose clocks differ, the processor would then take a message for seen and drop
 * it.
 */
final class InOrder implements Buffer<KafkaEventMessage> {

  private static final int CAPACITY = 1_000;
  private static final long LOOK_MS = 100;

  private final LinkedBlockingDeque<KafkaEventMessage> messages =
      new LinkedBlockingDeque<>(CAPACITY);
  private volatile @Nullable RuntimeException failure;

  @Override
  public void put(KafkaEventMessage message) throws InterruptedException {
    messages.putLast(message);
  }

  @Override
  public void putAll(Collection<KafkaEventMessage> all) throws InterruptedException {
    for (KafkaEventMessage message : all) {
      messages.putLast(message);
    }
  }

  @Override
  @SuppressWarnings("NullAway") // null when there is none in time, as the interface has it
  public KafkaEventMessage poll(long timeout, TimeUnit unit) throws InterruptedException {
    failIfFailed();
    return messages.pollFirst(timeout, unit);
  }

  /** Looks for a failure now and then: nothing more comes after one. */
  @Override
  public KafkaEventMessage take() throws InterruptedException {
    while (true) {
      KafkaEventMessage message = poll(LOOK_MS, TimeUnit.MILLISECONDS);
      if (message != null) {
        return message;
      }
    }
  }

  @Override
  @SuppressWarnings("NullAway") // null when there is none, as the interface has it
  public KafkaEventMessage peek() {
    failIfFailed();
    return messages.peekFirst();
  }

  @Override
  public int size() {
    return messages.size();
  }

  @Override
  public boolean isEmpty() {
    return messages.isEmpty();
  }

  @Override
  public int remainingCapacity() {
    return messages.remainingCapacity();
  }

  @Override
  public void clear() {
    messages.clear();
  }

  @Override
  public void setException(RuntimeException exception) {
    failure = exception;
  }

  private void failIfFailed() {
    RuntimeException known = failure;
    if (known != null) {
      throw known;
    }
  }
}
