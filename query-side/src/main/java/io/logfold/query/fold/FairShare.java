package io.logfold.query.fold;

import jakarta.annotation.PreDestroy;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.pooled.MaxSegmentProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * How many segments of the fold this process may hold, so that all processes on a database hold
 * about as many. Axon alone would leave all of them to the first. Says every 2 seconds that this
 * process is there; one that was not heard for 6 seconds has no share any more.
 */
@Component
class FairShare implements MaxSegmentProvider {

  private static final Logger log = LoggerFactory.getLogger(FairShare.class);

  private final String node = UUID.randomUUID().toString();
  private final NodeTable table;
  private final ObjectProvider<EventProcessingConfiguration> processors;
  private final int segments;
  private final Generations generations;
  private volatile int nodes = 1;
  private volatile List<String> feeds = List.of();

  FairShare(
      NodeTable table,
      ObjectProvider<EventProcessingConfiguration> processors,
      Generations generations,
      FoldProperties properties) {
    this.table = table;
    this.processors = processors;
    this.generations = generations;
    this.segments = properties.segments();
  }

  @Override
  public int getMaxSegments(String processor) {
    return shareOf(nodes);
  }

  /**
   * How many segments of a feeder this process may hold. Processes that cannot feed it, of another
   * release, have no share.
   */
  int maxSegmentsToFeed(String projection, int version) {
    return shareOf(feeds.stream().filter(each -> canFeed(each, projection, version)).count());
  }

  @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
  void beThere() {
    try {
      table.seen(node, generations.feeds());
      feeds = table.there();
      nodeCount(Math.max(1, feeds.size()));
    } catch (DataAccessException | TransactionException e) {
      log.debug("The database is away: {}", e.getMessage());
    }
  }

  @PreDestroy
  void leave() {
    try {
      table.left(node);
    } catch (DataAccessException | TransactionException e) {
      log.debug("The database is away: {}", e.getMessage());
    }
  }

  /** Whether every process that folds can write a projection in a version. */
  boolean allCanFeed(String projection, int version) {
    return feeds.stream().allMatch(each -> canFeed(each, projection, version));
  }

  private static boolean canFeed(String feeds, String projection, int version) {
    return List.of(feeds.split(",", -1)).contains(projection + ":" + version);
  }

  private int shareOf(long sharers) {
    long some = Math.max(1, sharers);
    return (int) Math.max(1, (segments + some - 1) / some);
  }

  private void nodeCount(int count) {
    if (count != nodes) {
      boolean fewer = count < nodes;
      nodes = count;
      log.info("{} processes share the fold: at most {} segments here.", count, getMaxSegments(""));
      if (fewer) {
        processors
            .getObject()
            .eventProcessor(LogFold.PROCESSOR, StreamingEventProcessor.class)
            .ifPresent(this::mayClaimAll);
      }
    }
  }

  /**
   * Axon keeps its hands off a segment that it gave away, for up to a minute; too long when whoever
   * took it is gone.
   */
  private void mayClaimAll(StreamingEventProcessor processor) {
    Set<Integer> held = processor.processingStatus().keySet();
    for (int segment = 0; segment < segments; segment++) {
      if (!held.contains(segment)) {
        processor.releaseSegment(segment, 0, TimeUnit.MILLISECONDS);
      }
    }
  }
}
