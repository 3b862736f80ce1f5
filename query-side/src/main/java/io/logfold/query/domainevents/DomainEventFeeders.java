package io.logfold.query.domainevents;

import io.logfold.query.fold.FeedPositionTable;
import io.logfold.query.fold.Feeding;
import io.logfold.query.fold.Fold;
import io.logfold.query.fold.Generations;
import io.logfold.query.fold.Projection;
import jakarta.annotation.PreDestroy;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads the domain events from their beginning for each generation that is being built, as an Axon
 * processor of its own. When its token covers that of the processor that feeds what answers, this
 * one takes the generation over: it cannot write an event meanwhile, since it asks for the same
 * row.
 */
@Component
class DomainEventFeeders implements Feeding {

  private static final Logger log = LoggerFactory.getLogger(DomainEventFeeders.class);

  private final StreamableMessageSource<TrackedEventMessage<?>> source;
  private final List<DomainEventProjection> projections;
  private final Generations generations;
  private final FeedPositionTable feeds;
  private final DomainEventReplayTable tokens;
  private final TokenStore tokenStore;
  private final TransactionManager transactions;
  private final TransactionTemplate transaction;
  private final Map<Fold, Running> running = new HashMap<>();

  DomainEventFeeders(
      @Qualifier("domainEventSource") StreamableMessageSource<TrackedEventMessage<?>> source,
      List<DomainEventProjection> projections,
      Generations generations,
      FeedPositionTable feeds,
      DomainEventReplayTable tokens,
      TokenStore tokenStore,
      TransactionManager transactions,
      TransactionTemplate transaction) {
    this.source = source;
    this.projections = projections;
    this.generations = generations;
    this.feeds = feeds;
    this.tokens = tokens;
    this.tokenStore = tokenStore;
    this.transactions = transactions;
    this.transaction = transaction;
  }

  private record Running(
      PooledStreamingEventProcessor processor, List<ScheduledExecutorService> executors) {

    void stop() {
      processor.shutDown();
      executors.forEach(ScheduledExecutorService::shutdownNow);
    }
  }

  @Override
  public boolean isFor(Projection projection) {
    return projection instanceof DomainEventProjection;
  }

  /** The domain events are kept for ever, and are few: they are always read from the beginning. */
  @Override
  public Map<Integer, Long> beginnings(@Nullable Instant readFrom) {
    return Map.of(0, 0L);
  }

  @Override
  public void begin(Fold fold, Map<Integer, Long> firstOffsets) {
    firstOffsets.forEach((part, offset) -> feeds.begin(fold, part, offset));
  }

  @Override
  public void end(Fold fold) {
    feeds.remove(fold);
    stop(fold);
    tokens.remove(processorName(fold));
  }

  /** How many events that are nobody counts: there are few. */
  @Override
  public long behind(Fold fold) {
    return feeds.all().containsKey(fold) ? Long.MAX_VALUE : 0;
  }

  @Override
  public synchronized void look() {
    Set<Fold> wanted = new HashSet<>(feeds.all().keySet());
    wanted.removeIf(fold -> !isOurs(fold) || !generations.canFeed(fold));
    for (Fold fold : List.copyOf(running.keySet())) {
      if (!wanted.contains(fold)) {
        stop(fold);
      }
    }
    for (Fold fold : wanted) {
      running.computeIfAbsent(fold, this::start);
      transaction.executeWithoutResult(status -> handOverIfLevel(fold));
    }
  }

  /** Ends everything, so that no thread and no consumer is left behind. */
  @PreDestroy
  synchronized void stop() {
    List.copyOf(running.keySet()).forEach(this::stop);
  }

  private synchronized void stop(Fold fold) {
    Running runs = running.remove(fold);
    if (runs != null) {
      runs.stop();
      log.info("{} is not fed apart any more.", fold.id());
    }
  }

  private void handOverIfLevel(Fold fold) {
    if (feeds.isThere(fold) && tokens.isLevel(processorName(fold))) {
      feeds.remove(fold);
    }
  }

  private boolean isOurs(Fold fold) {
    return projections.stream().anyMatch(each -> each.name().equals(fold.name()));
  }

  private Running start(Fold fold) {
    DomainEventProjection projection =
        projections.stream()
            .filter(each -> each.name().equals(fold.name()))
            .findFirst()
            .orElseThrow();
    ScheduledExecutorService coordinator =
        Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("feed"));
    ScheduledExecutorService worker =
        Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("feed"));
    PooledStreamingEventProcessor processor =
        PooledStreamingEventProcessor.builder()
            .name(processorName(fold))
            .eventHandlerInvoker(
                SimpleEventHandlerInvoker.builder()
                    .eventHandlers(projection)
                    .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                    .build())
            .errorHandler(PropagatingErrorHandler.instance())
            .messageSource(source)
            .tokenStore(tokenStore)
            .transactionManager(transactions)
            .coordinatorExecutor(coordinator)
            .workerExecutor(worker)
            .initialSegmentCount(1)
            .batchSize(DomainEventsConfiguration.BATCH_SIZE)
            .tokenClaimInterval(DomainEventsConfiguration.CLAIM_INTERVAL.toMillis())
            .claimExtensionThreshold(DomainEventsConfiguration.CLAIM_INTERVAL.toMillis())
            .enableCoordinatorClaimExtension()
            .initialToken(StreamableMessageSource::createTailToken)
            .build();
    processor.registerHandlerInterceptor(
        (unitOfWork, chain) -> {
          unitOfWork.root().resources().put(DomainEventProjection.GENERATION, fold.generation());
          return chain.proceed();
        });
    processor.start();
    log.info("{} is fed apart.", fold.id());
    return new Running(processor, List.of(coordinator, worker));
  }

  private static String processorName(Fold fold) {
    return "feed-" + fold.id();
  }
}
