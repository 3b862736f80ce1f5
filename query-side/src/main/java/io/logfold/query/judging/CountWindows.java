package io.logfold.query.judging;

import io.logfold.api.alerts.Scope;
import io.logfold.query.routes.RouteFigures;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
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

  /** What is counted of a scope, or null. */
  @Nullable Series find(Scope scope) {
    return byScope.get(scope);
  }

  /** The scopes that are counted. */
  Set<Scope> scopes() {
    return byScope.keySet();
  }

  /**
   * Hands over the scopes that were seen in the last minutes, and what is counted of each.
   *
   * @param lastMinutes at most as many as the longest window has
   */
  void forEachSeen(int lastMinutes, BiConsumer<Scope, Series> action) {
    byScope.forEach(
        (scope, series) -> {
          if (series.isSeenWithin(lastMinutes)) {
            action.accept(scope, series);
          }
        });
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
  final class Series {

    private final long[] requests = new long[minutes + 1];
    private final long[] hits = new long[subject.hits().isNone() ? 0 : minutes + 1];
    private long seen;

    boolean isSeenWithin(int lastMinutes) {
      return seen > last - lastMinutes;
    }

    long requests(int window) {
      return within(requests, window);
    }

    long hits(int window) {
      return within(hits, window);
    }

    private void carry() {
      requests[at(last)] = requests[at(last - 1)];
      if (hits.length > 0) {
        hits[at(last)] = hits[at(last - 1)];
      }
    }

    private void add(RouteFigures counted) {
      seen = last;
      requests[at(last)] += counted.requests();
      if (hits.length > 0) {
        hits[at(last)] += counted.requestsWith(subject.hits()::contains);
      }
    }

    private long within(long[] sums, int window) {
      return sums.length == 0 ? 0 : sums[at(last)] - sums[at(last - window)];
    }

    private int at(long minute) {
      return Math.floorMod(minute, minutes + 1);
    }
  }
}
