package io.logfold.command.eventstore;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.config.Configuration;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.config.EventProcessingConfigurer.PooledStreamingProcessorConfiguration;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.StreamableMessageSource;

/**
 * How this side's events are handled: one after the other, from the first one ever, each in a
 * transaction of its own, by one process among all. What fails is tried again until it does not,
 * and nothing after it is handled meanwhile. Another process takes over when this one has not been
 * heard of for {@link #CLAIM_TIMEOUT}.
 */
public final class OneAtATime {

  static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(8);

  /** How often a process says that it is there, and looks for what is nobody's. */
  private static final Duration CLAIM_INTERVAL = Duration.ofSeconds(2);

  private OneAtATime() {}

  /**
   * Registers a processor for the handlers of the processing group of the same name.
   *
   * @param source where its events come from
   */
  public static void register(
      EventProcessingConfigurer processing,
      String name,
      Function<Configuration, StreamableMessageSource<TrackedEventMessage<?>>> source) {
    processing
        .registerPooledStreamingEventProcessor(name, source, settings(name))
        .registerListenerInvocationErrorHandler(name, axon -> PropagatingErrorHandler.instance());
  }

  private static PooledStreamingProcessorConfiguration settings(String name) {
    return (axon, builder) ->
        builder
            .initialSegmentCount(1)
            .batchSize(1)
            .tokenClaimInterval(CLAIM_INTERVAL.toMillis())
            .claimExtensionThreshold(CLAIM_INTERVAL.toMillis())
            .enableCoordinatorClaimExtension()
            .initialToken(StreamableMessageSource::createTailToken)
            .workerExecutor(worker(name));
  }

  private static ScheduledExecutorService worker(String name) {
    return Executors.newScheduledThreadPool(1, new AxonThreadFactory(name));
  }
}
