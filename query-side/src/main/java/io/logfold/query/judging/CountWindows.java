package io.logfold.query.judging;

import io.logfold.api.alerts.Scope;
import io.logfold.query.routes.RouteFigures;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests, and those of them that a measure counts apart, over windows of different lengths that
 * all end with the last minute, for each scope of a pattern.
 *
 * <p>A scope takes 16 bytes for each minute of the longest window: 23 KB for a day, 1 KB for an
 * hour. It is forgotten when it was not seen for that long. Not thread-safe.
 */
final class CountWindows {

  private static final Logger log = LoggerFactory.getLogger(CountWindows.class);

  private final Subject subject;
  private final int minutes;
  private final Map<Scope, Series> byScope = new HashMap<>();
  private long last;
  private boolean told;

  /**
   * Begins empty windows.
   *
   * @param minutes length of the longest window
   */
  CountWindows(Subject subject, int minutes) {
    this.subject = subject;
    this.minutes = minutes;
  }

  /**
   * What rules have in common that can share their counts.
   *
   * @param maxScopes scopes that are counted at most; the others are left out
   */
  record Subject(ScopePattern pattern, Hits hits, int maxScopes) {}

  int minutes() {
    return minutes;
  }

  /** Takes in the minute after the last one. */
  void add(long minute, MinuteFigures figures) {
    last = minute;
    byScope.values().removeIf(series -> series.seen <= minute - minutes);
    byScope.values().forEach(Series::carry);
    Map<Scope, RouteFigures> found = figures.of(subject.pattern().fields());
    if (subject.pattern().isEach()) {
      found.forEach(
          (scope, counted) -> {
            if (subject.pattern().matches(scope)) {
              add(scope, counted);
            }
          });
    } else {
      add(subject.pattern().scope(), found.get(subject.pattern().scope()));
    }
  }

  boolean contains(Scope scope) {
    return byScope.containsKey(scope);
  }

  long requests(Scope scope, int window) {
    Series series = byScope.get(scope);
    return series == null ? 0 : series.within(series.requests, window);
  }

  long hits(Scope scope, int window) {
    Series series = byScope.get(scope);
    return series == null ? 0 : series.within(series.hits, window);
  }

  /** The scopes that were seen in the last minutes, at most as many as the longest window has. */
  Set<Scope> seenWithin(int lastMinutes) {
    Predicate<Map.Entry<Scope, Series>> seen = entry -> entry.getValue().seen > last - lastMinutes;
    return byScope.entrySet().stream()
        .filter(seen)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private void add(Scope scope, @Nullable RouteFigures counted) {
    if (counted == null) {
      return;
    }
    Series series = byScope.get(scope);
    if (series == null) {
      if (byScope.size() >= subject.maxScopes()) {
        tellOnce();
        return;
      }
      series = new Series();
      byScope.put(scope, series);
    }
    series.add(counted);
  }

  private void tellOnce() {
    if (!told) {
      told = true;
      log.warn(
          "More than {} scopes are seen in the windows of rules on '{}'; the others are not judged.",
          subject.maxScopes(),
          subject.pattern().scope().key());
    }
  }

  /**
   * What was counted since the beginning, after each of the last minutes: the difference of two of
   * them is a window, whatever its length.
   */
  private final class Series {

    private final long[] requests = new long[minutes + 1];
    private final long[] hits = new long[subject.hits().isNone() ? 0 : minutes + 1];
    private long seen;

    void carry() {
      requests[at(last)] = requests[at(last - 1)];
      if (hits.length > 0) {
        hits[at(last)] = hits[at(last - 1)];
      }
    }

    void add(RouteFigures counted) {
      seen = last;
      requests[at(last)] += counted.requests();
      if (hits.length > 0) {
        hits[at(last)] += counted.requestsWith(subject.hits()::contains);
      }
    }

    long within(long[] sums, int window) {
      return sums.length == 0 ? 0 : sums[at(last)] - sums[at(last - window)];
    }

    private int at(long minute) {
      return Math.floorMod(minute, minutes + 1);
    }
  }
}
