package io.logfold.command.ingest;

import io.logfold.command.web.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Sends all events of a request to Kafka and waits once, for the last acknowledgement. Returning
 * means that every one of them is acknowledged; throwing means that nobody knows. Thread-safe.
 */
@Component
class LogPublisher implements Consumer<List<? extends EventMessage<?>>> {

  private static final Logger log = LoggerFactory.getLogger(LogPublisher.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final LogTopic topic;
  private final LogRecordConverter converter;
  private final ObjectProvider<Producer<String, byte[]>> producers;
  private final Duration maxWait;
  private final AtomicBoolean away = new AtomicBoolean();

  LogPublisher(
      LogTopic topic,
      LogRecordConverter converter,
      ObjectProvider<Producer<String, byte[]>> producers,
      LogProperties settings) {
    this.topic = topic;
    this.converter = converter;
    this.producers = producers;
    this.maxWait = settings.maxWait();
  }

  @Override
  public void accept(List<? extends EventMessage<?>> events) {
    String reason = topic.whyClosed();
    if (reason != null) {
      throw refusal(reason);
    }
    try {
      long deadlineNanos = System.nanoTime() + maxWait.toNanos();
      send(events, deadlineNanos).await(deadlineNanos);
      back();
    } catch (ExecutionException | TimeoutException | KafkaException | BeansException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(e);
    }
  }

  /** Stops early when waiting has become pointless: each further send could block for seconds. */
  private Acknowledgements send(List<? extends EventMessage<?>> events, long deadlineNanos) {
    Producer<String, byte[]> producer = producers.getObject();
    Acknowledgements acks = new Acknowledgements(events.size());
    LogRecordConverter.Batch batch = converter.batch(topic.name());
    for (EventMessage<?> event : events) {
      if (acks.failed() || System.nanoTime() - deadlineNanos > 0) {
        break;
      }
      var unused = producer.send(batch.record(event), acks);
    }
    return acks;
  }

  private Refusal failed(Exception e) {
    Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
    if (away.compareAndSet(false, true)) {
      log.warn("Kafka does not acknowledge logs: {}", cause.toString());
    }
    return refusal(
        "The event log did not acknowledge in time; send the same request again, with the same Idempotency-Key if it had one.");
  }

  private void back() {
    if (away.get() && away.compareAndSet(true, false)) {
      log.info("Kafka acknowledges logs again");
    }
  }

  private static Refusal refusal(String sentence) {
    return Refusal.later(
        HttpStatus.SERVICE_UNAVAILABLE, "event-log-unavailable", sentence, RETRY_AFTER);
  }

  /** Completed by the last acknowledgement or by the first failure, whichever comes first. */
  private static final class Acknowledgements implements Callback {

    private final CompletableFuture<Boolean> all = new CompletableFuture<>();
    private final AtomicInteger missing;

    Acknowledgements(int expected) {
      this.missing = new AtomicInteger(expected);
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata position, @Nullable Exception failure) {
      if (failure != null) {
        all.completeExceptionally(failure);
      } else if (missing.decrementAndGet() == 0) {
        all.complete(true);
      }
    }

    boolean failed() {
      return all.isCompletedExceptionally();
    }

    void await(long deadlineNanos)
        throws ExecutionException, InterruptedException, TimeoutException {
      var unused = all.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
  }
}
