package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import io.logfold.command.web.Refusal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.serialization.json.JacksonSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;

class LogPublisherTest {

  private static final AccessLog LOG =
      new AccessLog(
          Instant.EPOCH, "::1", "GET", "/", 200, 0, "s", null, null, null, null, null, null, null);
  private static final List<EventMessage<?>> TWO = List.of(event(1), event(2));

  private final MockProducer<String, byte[]> kafka =
      new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());

  @Test
  void returnsOnlyWhenEveryLogIsAcknowledged() {
    LogPublisher publisher = publisher(Duration.ofSeconds(20));
    CompletableFuture<Void> published = CompletableFuture.runAsync(() -> publisher.accept(TWO));
    await().until(() -> kafka.history().size() == 2);

    kafka.completeNext();
    assertThat(published).isNotCompleted();

    kafka.completeNext();
    assertThat(published).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void failsAtTheFirstFailedLogWithoutWaitingForTheRest() {
    LogPublisher publisher = publisher(Duration.ofSeconds(20));
    CompletableFuture<Void> published = CompletableFuture.runAsync(() -> publisher.accept(TWO));
    await().until(() -> kafka.history().size() == 2);

    kafka.errorNext(new NotEnoughReplicasException("one is left"));

    assertThat(published)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withCauseInstanceOf(Refusal.class);
  }

  @Test
  void givesUpWhenNothingIsAcknowledgedInTime() {
    assertThatThrownBy(() -> publisher(Duration.ofMillis(50)).accept(TWO))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("did not acknowledge");
  }

  private LogPublisher publisher(Duration maxWait) {
    var settings =
        new LogProperties("logs", 4, null, (short) 1, false, maxWait, Duration.ofSeconds(30));
    var topic = new LogTopic(settings, "127.0.0.1:1", Clock.systemUTC(), new SimpleMeterRegistry());
    topic.afterPropertiesSet();
    var serializer =
        JacksonSerializer.builder()
            .objectMapper(new ObjectMapper().registerModule(new JavaTimeModule()))
            .build();
    return new LogPublisher(
        topic, new LogConfiguration().logConverter(serializer), provider(), settings);
  }

  private ObjectProvider<Producer<String, byte[]>> provider() {
    return new ObjectProvider<>() {
      @Override
      public Producer<String, byte[]> getObject() {
        return kafka;
      }
    };
  }

  private static EventMessage<?> event(int line) {
    return GenericEventMessage.asEventMessage(new LogReceived("r", line, null, LOG));
  }
}
