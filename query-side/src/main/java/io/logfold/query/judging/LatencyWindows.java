package io.logfold.query.judging;

import io.logfold.api.alerts.Scope;
import io.logfold.query.routes.RouteFigures;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Latency over windows of one length that end with the last minute, by scope. Sketches can be added
 * up and not subtracted; so a window is made of chunks of minutes, and of the rest of the chunk
 * that it has half left. Those minutes are read again, once for all scopes when a chunk is half
 * left, and added up from behind.
 *
 * <p>A window of n minutes takes at most 12 figures a scope, or 2 √n when it is longer: 16 for an
 * hour, 76 for a day; a figure has some 0.5 to 3 KB. To ask takes as many merges. Not thread-safe.
 */
final class LatencyWindows {

  /** Windows up to this long are kept by the minute, and nothing is read again. */
  private static final int SHORT = 12;

  private final int window;
  private final int chunkMinutes;
  private final EdgeReader reader;
  private final TreeMap<Long, Map<Scope, RouteFigures>> chunks = new TreeMap<>();
  private final Map<Scope, RouteFigures> merged = new HashMap<>();
  private final Map<Double, Map<Scope, Long>> asked = new HashMap<>();
  private Map<Scope, @Nullable RouteFigures[]> edge = new HashMap<>();
  private long edgeChunk = Long.MIN_VALUE;
  private long last;

  LatencyWindows(int window, EdgeReader reader) {
    this.window = window;
    this.chunkMinutes = window <= SHORT ? 1 : (int) Math.ceil(Math.sqrt(window));
    this.reader = reader;
  }

  /** Reads minutes again. */
  @FunctionalInterface
  interface EdgeReader {

    /**
     * Reads minutes, in any order.
     *
     * @param until exclusive
     */
    void read(long from, long until, EdgeTaker taker);
  }

  /** Takes what was read of a minute and a scope. */
  @FunctionalInterface
  interface EdgeTaker {
    void take(long minute, Scope scope, RouteFigures figures);
  }

  /**
   * Takes in the minute after the last one.
   *
   * @param wanted the scopes that anybody may ask for
   */
  void add(long minute, MinuteFigures figures, Predicate<Scope> wanted) {
    last = minute;
    merged.clear();
    asked.clear();
    chunks.headMap(chunkOf(minute - window + 1)).clear();
    Map<Scope, RouteFigures> chunk =
        chunks.computeIfAbsent(chunkOf(minute), number -> new HashMap<>());
    for (Map<Scope, RouteFigures> scopes : figures.all()) {
      scopes.forEach(
          (scope, counted) -> {
            if (wanted.test(scope)) {
              add(chunk, scope, counted);
            }
          });
    }
  }

  /** A minute that is a chunk of its own is shared with other windows, and stays as it is. */
  private void add(Map<Scope, RouteFigures> chunk, Scope scope, RouteFigures counted) {
    if (chunkMinutes == 1) {
      chunk.put(scope, counted);
    } else {
      chunk.computeIfAbsent(scope, key -> new RouteFigures()).merge(counted);
    }
  }

  /** What the window holds of a scope. */
  RouteFigures figures(Scope scope) {
    return merged.computeIfAbsent(scope, this::merged);
  }

  /** {@link RouteFigures#latencyMicros} of a scope, reckoned once for all rules. */
  long micros(Scope scope, double quantile) {
    return asked
        .computeIfAbsent(quantile, key -> new HashMap<>())
        .computeIfAbsent(scope, key -> figures(key).latencyMicros(quantile));
  }

  private RouteFigures merged(Scope scope) {
    RouteFigures merged = new RouteFigures();
    long from = last - window + 1;
    long firstWhole = chunkOf(from + chunkMinutes - 1);
    if (firstWhole > chunkOf(from)) {
      merge(merged, restOfTheEdge(scope, from));
    }
    for (Map<Scope, RouteFigures> chunk : chunks.tailMap(firstWhole).values()) {
      merge(merged, chunk.get(scope));
    }
    return merged;
  }

  private static void merge(RouteFigures merged, @Nullable RouteFigures part) {
    if (part != null) {
      merged.merge(part);
    }
  }

  private @Nullable RouteFigures restOfTheEdge(Scope scope, long from) {
    if (edgeChunk != chunkOf(from)) {
      edge = readEdge(from);
      edgeChunk = chunkOf(from);
    }
    @Nullable RouteFigures[] rests = edge.get(scope);
    return rests == null ? null : rests[inChunk(from)];
  }

  private Map<Scope, @Nullable RouteFigures[]> readEdge(long from) {
    Map<Scope, @Nullable RouteFigures[]> read = new HashMap<>();
    reader.read(
        from,
        (chunkOf(from) + 1) * chunkMinutes,
        (minute, scope, figures) ->
            read.computeIfAbsent(scope, key -> new @Nullable RouteFigures[chunkMinutes])[
                    inChunk(minute)] =
                figures);
    read.values().forEach(LatencyWindows::addUpFromBehind);
    return read;
  }

  private static void addUpFromBehind(@Nullable RouteFigures[] minutes) {
    for (int minute = minutes.length - 2; minute >= 0; minute--) {
      RouteFigures rest = new RouteFigures();
      merge(rest, minutes[minute]);
      merge(rest, minutes[minute + 1]);
      minutes[minute] = rest;
    }
  }

  private long chunkOf(long minute) {
    return Math.floorDiv(minute, (long) chunkMinutes);
  }

  private int inChunk(long minute) {
    return Math.floorMod(minute, chunkMinutes);
  }
}
