package io.logfold.query.stats;

import io.logfold.api.AccessLog;
import io.logfold.query.fold.LogProjection;
import io.logfold.query.fold.ReceivedLog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Counts every request into the minute and the hour of its own time, however late it comes.
 *
 * <p>The buckets written lately are kept in memory, so that a sketch is read back only after it was
 * put away or after another process wrote.
 */
@Component
class StatsProjection implements LogProjection {

  static final String NAME = "stats";

  /** Buckets kept in memory of each partition; some 10 KB each when well filled. */
  private static final int OPEN_BUCKETS = 512;

  private final StatsTable table;
  private final StatsProperties properties;
  private final Clock clock;
  private final Map<Integer, Map<Bucket, Rollup>> openByPart = new ConcurrentHashMap<>();

  StatsProjection(StatsTable table, StatsProperties properties, Clock clock) {
    this.table = table;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String rule() {
    return "every request";
  }

  @Override
  public void fold(int generation, List<ReceivedLog> logs) {
    Map<Bucket, Rollup> touched = new HashMap<>();
    Cursor cursor = new Cursor(generation, touched);
    for (ReceivedLog received : logs) {
      cursor.count(received.part(), received.log());
    }
    table.save(generation, touched);
    logs.stream().mapToInt(ReceivedLog::part).distinct().forEach(this::putAwayTheOldest);
  }

  @Override
  public void forget(int part) {
    openByPart.remove(part);
  }

  @Override
  public void clear(int generation) {
    table.clear(generation);
    openByPart.clear();
  }

  /** Hours answer for everything older; no question reaches further back in minutes. */
  @Scheduled(fixedDelay = 10, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
  void pruneMinutes() {
    table.pruneMinutes(Granularity.HOUR.bucketOf(clock.instant().minus(properties.keepMinutes())));
  }

  private Rollup rollup(int generation, Bucket bucket) {
    Map<Bucket, Rollup> open =
        openByPart.computeIfAbsent(bucket.part(), key -> leastRecentlyUsedFirst());
    Rollup known = open.get(bucket);
    if (known == null) {
      Rollup stored = table.find(generation, bucket);
      known = stored == null ? new Rollup() : stored;
      open.put(bucket, known);
    }
    return known;
  }

  private static Map<Bucket, Rollup> leastRecentlyUsedFirst() {
    return new LinkedHashMap<>(64, 0.75f, true);
  }

  private void putAwayTheOldest(int part) {
    Map<Bucket, Rollup> open = openByPart.getOrDefault(part, Map.of());
    var oldest = open.entrySet().iterator();
    for (int surplus = open.size() - OPEN_BUCKETS; surplus > 0; surplus--) {
      oldest.next();
      oldest.remove();
    }
  }

  /** The buckets of the last log: those of the next are mostly the same. */
  private final class Cursor {

    private final int generation;
    private final Map<Bucket, Rollup> touched;
    private final List<Rollup> current = new ArrayList<>();
    private int part = -1;
    private long minute;
    private String source = "";

    Cursor(int generation, Map<Bucket, Rollup> touched) {
      this.generation = generation;
      this.touched = touched;
    }

    void count(int logPart, AccessLog log) {
      long logMinute = Math.floorDiv(log.time().getEpochSecond(), 60);
      if (logPart != part || logMinute != minute || !log.source().equals(source)) {
        part = logPart;
        minute = logMinute;
        source = log.source();
        moveTo(log);
      }
      long ip = DistinctIps.hash(log.ip());
      for (Rollup rollup : current) {
        rollup.add(log, ip);
      }
    }

    private void moveTo(AccessLog log) {
      current.clear();
      for (Granularity granularity : Granularity.values()) {
        Bucket bucket =
            new Bucket(granularity, granularity.bucketOf(log.time()), source.strip(), part);
        current.add(touched.computeIfAbsent(bucket, key -> rollup(generation, key)));
      }
    }
  }
}
