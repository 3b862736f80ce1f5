package io.logfold.query.replay;

import io.logfold.query.fold.FeedPositionTable;
import io.logfold.query.fold.FeedPositionTable.Feed;
import io.logfold.query.fold.Fold;
import io.logfold.query.fold.FoldPositionTable;
import io.logfold.query.fold.Generation;
import io.logfold.query.replay.ReplayReport.Partition;
import io.logfold.query.replay.ReplayReport.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Says how far replays are, from the positions in the database and how they moved lately. */
@Component
class ReplayProgress {

  /** Less than this share of the log is left when a replay is said to catch up. */
  private static final double NEARLY_ALL = 0.99;

  private static final Duration LATELY = Duration.ofSeconds(10);

  private final FeedPositionTable feeds;
  private final FoldPositionTable positions;
  private final Clock clock;
  private final Map<Fold, Deque<Sample>> samples = new ConcurrentHashMap<>();

  ReplayProgress(FeedPositionTable feeds, FoldPositionTable positions, Clock clock) {
    this.feeds = feeds;
    this.positions = positions;
    this.clock = clock;
  }

  private record Sample(Instant at, long folded) {}

  /** Notes how far a replay is, for its speed. */
  void sample(Fold fold) {
    Deque<Sample> lately = samples.computeIfAbsent(fold, key -> new ArrayDeque<>());
    Instant now = clock.instant();
    synchronized (lately) {
      lately.add(new Sample(now, folded(partitions(fold))));
      while (lately.size() > 2 && lately.element().at().isBefore(now.minus(LATELY))) {
        lately.remove();
      }
    }
  }

  /** Forgets what was noted of replays that read no more. */
  void retain(List<Fold> building) {
    samples.keySet().retainAll(building);
  }

  ReplayReport report(Generation generation) {
    Fold fold = generation.fold();
    List<Partition> partitions = generation.dropped() ? List.of() : partitions(fold);
    long folded = folded(partitions);
    long toFold = partitions.stream().mapToLong(each -> each.end() - each.from()).sum();
    State state = state(generation, folded, toFold);
    Long speed = state.isSettled() ? null : logsPerSecond(fold);
    return new ReplayReport(
        fold.id(),
        fold.name(),
        state,
        generation.note(),
        generation.begun(),
        generation.changed(),
        generation.readFrom(),
        generation.switching().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        folded,
        toFold,
        toFold == 0 ? 100 : Math.floor(1000.0 * folded / toFold) / 10,
        speed,
        speed == null || speed == 0 ? null : (Long) ((toFold - folded) / speed),
        partitions,
        generation.keptUntil(),
        generation.reason());
  }

  private static State state(Generation generation, long folded, long toFold) {
    return switch (generation.state()) {
      case BUILDING ->
          toFold > 0 && folded >= NEARLY_ALL * toFold ? State.CATCHING_UP : State.BUILDING;
      case READY -> State.READY;
      case LIVE, KEPT -> State.SWITCHED;
      case ROLLED_BACK -> State.ROLLED_BACK;
      case CANCELLED -> State.CANCELLED;
      case FAILED -> State.FAILED;
    };
  }

  private @Nullable Long logsPerSecond(Fold fold) {
    Deque<Sample> lately = samples.get(fold);
    if (lately == null) {
      return null;
    }
    synchronized (lately) {
      Sample first = lately.element();
      Sample last = lately.getLast();
      long millis = Duration.between(first.at(), last.at()).toMillis();
      return millis == 0 ? null : (Long) ((last.folded() - first.folded()) * 1000 / millis);
    }
  }

  private static long folded(List<Partition> partitions) {
    return partitions.stream()
        .mapToLong(each -> Math.min(each.position(), each.end()) - each.from())
        .sum();
  }

  /** Partitions that the fold feeds already stand where it stands. */
  private List<Partition> partitions(Fold fold) {
    Map<Integer, Long> ends = positions.positions(Fold.REQUESTS);
    Map<Integer, Partition> partitions = new TreeMap<>();
    positions
        .positions(fold)
        .forEach(
            (part, next) ->
                partitions.put(part, new Partition(part, 0, next, ends.getOrDefault(part, next))));
    for (Feed feed : feeds.all().getOrDefault(fold, Map.of()).values()) {
      long end = Math.max(feed.nextOffset(), ends.getOrDefault(feed.part(), feed.nextOffset()));
      partitions.put(
          feed.part(), new Partition(feed.part(), feed.firstOffset(), feed.nextOffset(), end));
    }
    return new ArrayList<>(partitions.values());
  }
}
