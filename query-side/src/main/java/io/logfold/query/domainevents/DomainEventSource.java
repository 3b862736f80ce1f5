package io.logfold.query.domainevents;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.consumer.AsyncFetcher;
import org.axonframework.extensions.kafka.eventhandling.consumer.Fetcher;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaEventMessage;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.StreamableKafkaMessageSource;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The domain events as Axon reads them: the extension's own source, which is right for a topic of
 * one partition, with three things mended. It may be opened before there is a topic, keeps the
 * topic's order whatever the records' timestamps, and leaves no thread or consumer behind.
 */
final class DomainEventSource
    implements StreamableMessageSource<TrackedEventMessage<?>>, AutoCloseable {

  private static final long POLL_TIMEOUT_MS = 500;

  private final Supplier<Consumer<String, byte[]>> consumers;
  private final Serializer serializer;
  private final KafkaMessageConverter<String, byte[]> converter;
  private final String topic;
  private final BooleanSupplier topicIsThere;
  private final Fetcher<String, byte[], KafkaEventMessage> fetcher =
      AsyncFetcher.<String, byte[], KafkaEventMessage>builder()
          .pollTimeout(POLL_TIMEOUT_MS)
          .build();

  /**
   * @param consumers makes a consumer; it must not reset offsets by itself
   * @param serializer the converter's own; without one the extension would warn of XStream
   * @param topicIsThere false while there is nothing to read from
   */
  DomainEventSource(
      Supplier<Consumer<String, byte[]>> consumers,
      Serializer serializer,
      KafkaMessageConverter<String, byte[]> converter,
      String topic,
      BooleanSupplier topicIsThere) {
    this.consumers = consumers;
    this.serializer = serializer;
    this.converter = converter;
    this.topic = topic;
    this.topicIsThere = topicIsThere;
  }

  @Override
  public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken token) {
    return new Stream(token);
  }

  @Override
  public void close() {
    fetcher.shutdown();
  }

  private BlockingStream<TrackedEventMessage<?>> openStream(
      @Nullable TrackingToken token, InOrderBuffer buffer) {
    Consumer<String, byte[]> consumer = consumers.get();
    try {
      return StreamableKafkaMessageSource.<String, byte[]>builder()
          .topics(List.of(topic))
          .consumerFactory(group -> consumer)
          .serializer(serializer)
          .messageConverter(converter)
          .bufferFactory(() -> buffer)
          .fetcher(fetcher)
          .build()
          .openStream(token);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /** Empty until there is a topic. Used by one thread at a time. */
  private final class Stream implements BlockingStream<TrackedEventMessage<?>> {

    private final @Nullable TrackingToken token;
    private final InOrderBuffer buffer = new InOrderBuffer();
    private @Nullable BlockingStream<TrackedEventMessage<?>> opened;

    Stream(@Nullable TrackingToken token) {
      this.token = token;
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
      BlockingStream<TrackedEventMessage<?>> events = opened();
      return events == null ? Optional.empty() : events.peek();
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
      BlockingStream<TrackedEventMessage<?>> events = opened();
      return events != null && events.hasNextAvailable(timeout, unit);
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
      BlockingStream<TrackedEventMessage<?>> events = opened();
      if (events == null) {
        throw new IllegalStateException("Nothing is available: there is no topic " + topic + ".");
      }
      return events.nextAvailable();
    }

    @Override
    public void close() {
      if (opened != null) {
        opened.close();
      }
      // Its fetcher may wait for room, and nobody would ever make it.
      buffer.clear();
    }

    private @Nullable BlockingStream<TrackedEventMessage<?>> opened() {
      if (opened == null && topicIsThere.getAsBoolean()) {
        opened = openStream(token, buffer);
      }
      return opened;
    }
  }
}
