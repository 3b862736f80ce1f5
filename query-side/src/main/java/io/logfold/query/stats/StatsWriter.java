package io.logfold.query.stats;

import io.logfold.api.AccessLog;
import io.logfold.query.fold.GenerationWriter;
import io.logfold.query.fold.ReceivedLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes the buckets of a generation. Those written lately are kept in memory, so that a sketch is
 * read back only after it was put away or after another process wrote.
 */
final class StatsWriter implements GenerationWriter {

  /** Buckets kept in memory of each partition; some 10 KB each when well filled. */
  private static final int OPEN_BUCKETS = 512;

  private final StatsTable table;
  private final int generation;
  private final Map<Integer, Map<Bucket, Rollup>> openByPart = new ConcurrentHashMap<>();

  StatsWriter(StatsTable table, int generation) {
    this.table = table;
    this.generation = generation;
  }

  @Override
  public void fold(List<ReceivedLog> logs) {
    Map<Bucket, Rollup> touched = new HashMap<>();
    Cursor cursor = new Cursor(touched);
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

  private Rollup rollup(Bucket bucket) {
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

    private final Map<Bucket, Rollup> touched;
    private final List<Rollup> current = new ArrayList<>();
    private int part = -1;
    private long minute;
    private String source = "";

    Cursor(Map<Bucket, Rollup> touched) {
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
        current.add(touched.computeIfAbsent(bucket, key -> rollup(key)));
      }
    }
  }
}
