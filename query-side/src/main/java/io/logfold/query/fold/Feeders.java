package io.logfold.query.fold;

import static io.logfold.query.fold.Fold.REQUESTS;

import io.logfold.query.fold.FeedPositionTable.Feed;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs a {@link Feeder} for each generation that the fold does not feed in every partition, as an
 * Axon processor beside the fold; several processes share it by segments. Everything that decides
 * what to run is in the database: a process that begins, or that was killed, goes on from there.
 */
@Component
class Feeders implements Feeding {

  private static final Logger log = LoggerFactory.getLogger(Feeders.class);

  private final FeedSource source;
  private final LogRecord records;
  private final LogOffsets offsets;
  private final Feeder.FeedTables tables;
  private final TokenTable tokens;
  private final LogFold logFold;
  private final Generations generations;
  private final List<LogProjection> projections;
  private final FairShare share;
  private final TokenStore tokenStore;
  private final TransactionManager transactions;
  private final TransactionTemplate transaction;
  private final RebuildThrottle throttle;
  private final FoldProperties properties;
  private final Clock clock;

  /** Asked by processors that are being stopped meanwhile: who asks must never wait. */
  private final Map<Fold, Running> running = new ConcurrentHashMap<>();

  Feeders(
      FeedSource source,
      LogRecord records,
      LogOffsets offsets,
      FeedPositionTable feeds,
      FoldPositionTable positions,
      SkippedRecordTable skipped,
      LedgerTable ledger,
      DeadLetterTable letters,
      CarefulFold careful,
      TokenTable tokens,
      LogFold logFold,
      Generations generations,
      List<LogProjection> projections,
      FairShare share,
      TokenStore tokenStore,
      TransactionManager transactions,
      TransactionTemplate transaction,
      RebuildThrottle throttle,
      FoldProperties properties,
      Clock clock) {
    this.source = source;
    this.records = records;
    this.offsets = offsets;
    this.tables = new Feeder.FeedTables(feeds, positions, skipped, ledger, letters, careful);
    this.tokens = tokens;
    this.logFold = logFold;
    this.generations = generations;
    this.projections = projections;
    this.share = share;
    this.tokenStore = tokenStore;
    this.transactions = transactions;
    this.transaction = transaction;
    this.throttle = throttle;
    this.properties = properties;
    this.clock = clock;
  }

  private record Running(
      Feeder feeder,
      PooledStreamingEventProcessor processor,
      Set<Integer> parts,
      List<ScheduledExecutorService> executors) {

    void stop() {
      processor.shutDown();
      executors.forEach(ScheduledExecutorService::shutdownNow);
    }
  }

  @Override
  public boolean isFor(Projection projection) {
    return projection instanceof LogProjection;
  }

  /** Not beyond where the fold is: what it has not judged cannot be folded. */
  @Override
  public Map<Integer, Long> beginnings(@Nullable Instant readFrom) {
    Map<Integer, Long> first = new HashMap<>(offsets.begins());
    if (readFrom != null) {
      Map<Integer, Long> folded = tables.positions().positions(REQUESTS);
      offsets
          .at(readFrom)
          .forEach(
              (part, offset) ->
                  first.merge(part, Math.min(offset, folded.getOrDefault(part, 0L)), Math::max));
    }
    return first;
  }

  @Override
  public void begin(Fold fold, Map<Integer, Long> firstOffsets) {
    tables
        .feeds()
        .add(
            firstOffsets.entrySet().stream()
                .map(
                    entry ->
                        new Feed(fold, entry.getKey(), entry.getValue(), null, entry.getValue()))
                .toList());
  }

  @Override
  public void end(Fold fold) {
    transaction.executeWithoutResult(
        status -> {
          tables.feeds().remove(fold);
          tables.positions().forget(fold);
        });
    stop(fold);
    tokens.remove(processorName(fold));
    tables.ledger().clear(fold);
    tables.careful().clear(fold);
  }

  /**
   * What is handed over is level only then: the fold moves on meanwhile. So is what takes over its
   * past as it is handed over.
   */
  @Override
  public long behind(Fold fold) {
    Map<Integer, Feed> feeds = tables.feeds().all().getOrDefault(fold, Map.of());
    Map<Integer, Long> folded = tables.positions().positions(REQUESTS);
    boolean isHandedOver = generations.find(fold).filter(this::foldCanFeed).isPresent();
    return feeds.values().stream()
        .mapToLong(
            feed -> {
              boolean isApart = isHandedOver || feed.firstOffset() > 0;
              long records = folded.getOrDefault(feed.part(), 0L) - feed.nextOffset();
              return Math.max(isApart ? 1 : 0, records);
            })
        .sum();
  }

  private boolean foldCanFeed(Generation generation) {
    return share.allCanFeed(generation.fold().name(), generation.version());
  }

  @Override
  public synchronized void look() {
    beginWhatHasNothing();
    Map<Fold, Map<Integer, Feed>> wanted = new HashMap<>(tables.feeds().all());
    Set<Fold> apart = Set.copyOf(wanted.keySet());
    wanted.keySet().removeIf(fold -> !isLog(fold) || !generations.canFeed(fold));
    for (Fold fold : List.copyOf(running.keySet())) {
      Map<Integer, Feed> feeds = wanted.get(fold);
      if (feeds == null || !partsOf(fold).containsAll(feeds.keySet())) {
        stop(fold);
      }
    }
    tokens.removeFinished();
    wanted.forEach(
        (fold, feeds) -> {
          Running runs = running.computeIfAbsent(fold, key -> start(key, feeds.keySet()));
          handOver(runs.feeder(), feeds);
        });
    tellHowFresh(apart, wanted);
    logFold.retain(fold -> generations.find(fold).filter(each -> !each.dropped()).isPresent());
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

  private boolean isLog(Fold fold) {
    return projection(fold).isPresent();
  }

  private Optional<LogProjection> projection(Fold fold) {
    return projections.stream().filter(each -> each.name().equals(fold.name())).findFirst();
  }

  /** A projection that came with a later release has yet to fold what the others have folded. */
  private void beginWhatHasNothing() {
    Map<Integer, Long> folded = tables.positions().positions(REQUESTS);
    for (LogProjection projection : projections) {
      generations.of(projection.name()).stream()
          .filter(each -> each.state() == Generation.State.LIVE)
          .map(Generation::fold)
          .filter(generations::canFeed)
          .forEach(live -> beginIfItHasNothing(live, folded));
    }
  }

  private void beginIfItHasNothing(Fold live, Map<Integer, Long> folded) {
    if (missing(live, folded.keySet()).isEmpty()) {
      return;
    }
    Map<Integer, Long> begins = offsets.begins();
    transaction.executeWithoutResult(
        status -> {
          tables.positions().lock(folded.keySet());
          Set<Integer> missing = missing(live, folded.keySet());
          Map<Integer, Long> first = new HashMap<>(begins);
          first.keySet().retainAll(missing);
          first.values().removeIf(offset -> offset > 0 && !properties.acceptLostLogs());
          if (first.size() < missing.size()) {
            log.error(
                "{} cannot be folded: partitions {} begin at {}, and what was before is no longer on the log. "
                    + "Set logfold.fold.accept-lost-logs=true to have it without.",
                live.id(),
                missing,
                begins);
          }
          begin(live, first);
        });
  }

  private Set<Integer> missing(Fold live, Set<Integer> parts) {
    Set<Integer> missing = new HashSet<>(parts);
    missing.removeAll(tables.positions().positions(live).keySet());
    missing.removeAll(tables.feeds().all().getOrDefault(live, Map.of()).keySet());
    return missing;
  }

  private void handOver(Feeder feeder, Map<Integer, Feed> feeds) {
    Map<Integer, Long> folded = tables.positions().positions(REQUESTS);
    feeds.forEach(
        (part, feed) -> {
          if (feed.nextOffset() >= folded.getOrDefault(part, 0L)) {
            transaction.executeWithoutResult(status -> feeder.handOverIfLevel(part));
          }
        });
  }

  /** Whoever is answered from a generation that is not fed with the others should know. */
  private void tellHowFresh(Set<Fold> apart, Map<Fold, Map<Integer, Feed>> ours) {
    Instant now = clock.instant();
    Map<Integer, Long> folded = tables.positions().positions(REQUESTS);
    for (Generation each : generations.all()) {
      boolean answers =
          each.state() == Generation.State.LIVE || each.state() == Generation.State.KEPT;
      if (!apart.contains(each.fold())) {
        if (each.fedUntil() != null) {
          generations.fedUntil(each.fold(), null);
        }
      } else if (answers && isFreshNow(each, ours.get(each.fold()), folded, now)) {
        generations.fedUntil(each.fold(), now);
      }
    }
  }

  private static boolean isFreshNow(
      Generation generation,
      @Nullable Map<Integer, Feed> feeds,
      Map<Integer, Long> folded,
      Instant now) {
    Instant until = generation.fedUntil();
    if (feeds == null) {
      return until == null; // until a moment ago the fold fed it
    }
    return (until == null || until.isBefore(now.minus(Duration.ofSeconds(1))))
        && feeds.values().stream()
            .allMatch(feed -> feed.nextOffset() >= folded.getOrDefault(feed.part(), 0L));
  }

  private Running start(Fold fold, Set<Integer> parts) {
    Generation generation = generations.find(fold).orElseThrow();
    // It is full all the time, and every collection copies what is in it.
    ReadAhead readAhead =
        new ReadAhead(
            properties.maxUnfolded().toBytes() / 2,
            part -> isOurs(fold, part),
            () -> next(fold),
            System::nanoTime);
    Feeder feeder =
        new Feeder(
            generation,
            projection(fold).orElseThrow(),
            records,
            tables,
            generations,
            readAhead,
            throttle,
            () -> foldCanFeed(generation));
    ScheduledExecutorService coordinator =
        Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("feed"));
    ScheduledExecutorService workers =
        Executors.newScheduledThreadPool(
            properties.rebuildThreads(), new AxonThreadFactory("feed"));
    PooledStreamingEventProcessor processor =
        PooledStreamingEventProcessor.builder()
            .name(processorName(fold))
            .eventHandlerInvoker(
                SimpleEventHandlerInvoker.builder()
                    .eventHandlers(feeder)
                    .sequencingPolicy(FoldConfiguration.byPartition())
                    .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                    .build())
            .errorHandler(PropagatingErrorHandler.instance())
            .messageSource(source(fold, feeder, readAhead))
            .tokenStore(tokenStore)
            .transactionManager(transactions)
            .coordinatorExecutor(coordinator)
            .workerExecutor(workers)
            .initialSegmentCount(properties.segments())
            .batchSize(properties.batchSize())
            .maxSegmentProvider(name -> share.maxSegmentsToFeed(fold.name(), generation.version()))
            .tokenClaimInterval(FoldConfiguration.CLAIM_INTERVAL.toMillis())
            .claimExtensionThreshold(FoldConfiguration.CLAIM_INTERVAL.toMillis())
            .enableCoordinatorClaimExtension()
            .initialToken(opened -> null)
            .build();
    processor.start();
    log.info("{} is fed apart, in partitions {}.", fold.id(), parts);
    return new Running(feeder, processor, Set.copyOf(parts), List.of(coordinator, workers));
  }

  private StreamableMessageSource<TrackedEventMessage<?>> source(
      Fold fold, Feeder feeder, ReadAhead readAhead) {
    StreamableMessageSource<TrackedEventMessage<?>> log = source.from(() -> next(fold), readAhead);
    return token -> new HeldBackStream(open(fold, log, token), message -> feeder.mayPass(message));
  }

  private BlockingStream<TrackedEventMessage<?>> open(
      Fold fold,
      StreamableMessageSource<TrackedEventMessage<?>> log,
      @Nullable TrackingToken token) {
    try {
      return log.openStream(token);
    } catch (LostLogs e) {
      if (generations
          .find(fold)
          .filter(each -> each.state() != Generation.State.LIVE)
          .isPresent()) {
        generations.fail(fold, String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private Map<Integer, Long> next(Fold fold) {
    Map<Integer, Long> next = new HashMap<>();
    tables
        .feeds()
        .all()
        .getOrDefault(fold, Map.of())
        .forEach((part, feed) -> next.put(part, feed.nextOffset()));
    return next;
  }

  private Set<Integer> partsOf(Fold fold) {
    Running runs = running.get(fold);
    return runs == null ? Set.of() : runs.parts();
  }

  private boolean isOurs(Fold fold, int part) {
    Running runs = running.get(fold);
    return runs != null
        && runs.processor().processingStatus().values().stream()
            .anyMatch(status -> status.getSegment().matches(part));
  }

  private static String processorName(Fold fold) {
    return "feed-" + fold.id();
  }
}
