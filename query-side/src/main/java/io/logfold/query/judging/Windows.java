package io.logfold.query.judging;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.query.judging.CountWindows.Subject;
import io.logfold.query.routes.RouteFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The windows of all rules over the minutes, one after the other: each minute's rows are read once,
 * whatever the number of rules. What rules have in common they share: counts where the scope's
 * pattern and the statuses are the same, latency where the window's length is.
 *
 * <p>Memory grows with patterns and scopes, not with requests. A pattern takes at most 10,000
 * scopes, or 2,000 where latency is measured; see {@link CountWindows} and {@link LatencyWindows}
 * for what one takes. 250 different patterns of 1,000 scopes with windows of 5 minutes are 60 MB;
 * latency of 1,000 scopes over an hour is 10 to 50 MB. Not thread-safe.
 */
final class Windows {

  /** A scope that was silent for this long is missed no more by a rule for too few requests. */
  private static final int MISSED_MINUTES = 60;

  private static final int MAX_SCOPES = 10_000;
  private static final int MAX_LATENCY_SCOPES = 2_000;

  private final MinuteRows rows;
  private final Map<Subject, CountWindows> counts = new HashMap<>();
  private final Map<Integer, LatencyWindows> latencies = new HashMap<>();
  private final Map<Integer, Set<Subject>> latencySubjects = new HashMap<>();

  Windows(MinuteRows rows) {
    this.rows = rows;
  }

  /**
   * A measure over a window.
   *
   * @param value in the measure's unit; 0 without requests
   */
  record Measured(double value, long requests) {}

  private static final Measured NOTHING = new Measured(0, 0);

  /**
   * Makes what rules need and lets go of what they do not. What is new is filled from the rows.
   *
   * @param next the minute that is added next, in minutes since 1970
   */
  void require(Collection<RuleDefinition> rules, long next) {
    Map<Subject, Integer> neededCounts = new HashMap<>();
    Map<Integer, Set<Subject>> neededLatencies = new HashMap<>();
    for (RuleDefinition rule : rules) {
      neededCounts.merge(subject(rule), minutes(rule), Math::max);
      if (measuresLatency(rule)) {
        neededLatencies
            .computeIfAbsent(rule.windowMinutes(), window -> new HashSet<>())
            .add(subject(rule));
      }
    }
    fill(replaceCounts(neededCounts), replaceLatencies(neededLatencies), next);
  }

  /** Reads the minute after the last one. */
  void add(long minute) {
    add(minute, counts, latencies);
  }

  /** What a rule looks at, until the next minute is added or other rules are required. */
  View view(RuleDefinition rule) {
    LatencyWindows latency = measuresLatency(rule) ? latencies.get(rule.windowMinutes()) : null;
    if (latency == null && measuresLatency(rule)) {
      throw notRequired(rule);
    }
    return new View(rule, counted(rule), latency);
  }

  /**
   * A rule's windows. They are looked up once a rule: rules that see each route apart have many
   * scopes.
   */
  static final class View {

    private final RuleDefinition rule;
    private final CountWindows counted;
    private final @Nullable LatencyWindows latency;

    private View(RuleDefinition rule, CountWindows counted, @Nullable LatencyWindows latency) {
      this.rule = rule;
      this.counted = counted;
      this.latency = latency;
    }

    /** The rule's measure of one scope. */
    Measured measured(Scope scope) {
      CountWindows.Series series = counted.find(scope);
      return series == null ? NOTHING : measured(scope, series);
    }

    /** Whether a scope has something in its window, or is missed in it. */
    boolean isSeen(Scope scope) {
      CountWindows.Series series = counted.find(scope);
      return series != null && series.isSeenWithin(minutes(rule));
    }

    /** The scopes that are seen, and the rule's measure of each. */
    void forEachSeen(BiConsumer<Scope, Measured> action) {
      counted.forEachSeen(
          minutes(rule), (scope, series) -> action.accept(scope, measured(scope, series)));
    }

    private Measured measured(Scope scope, CountWindows.Series series) {
      long requests = series.requests(rule.windowMinutes());
      return requests == 0 ? NOTHING : new Measured(value(scope, series, requests), requests);
    }

    private double value(Scope scope, CountWindows.Series series, long requests) {
      int window = rule.windowMinutes();
      return switch (rule.measure()) {
        case SERVER_ERROR_SHARE, ERROR_SHARE -> (double) series.hits(window) / requests;
        case STATUS_COUNT -> (double) series.hits(window);
        case LATENCY_P95_MILLIS -> latencyMillis(scope, 0.95);
        case LATENCY_P99_MILLIS -> latencyMillis(scope, 0.99);
        case REQUESTS_PER_MINUTE_ABOVE, REQUESTS_PER_MINUTE_BELOW -> (double) requests / window;
      };
    }

    private double latencyMillis(Scope scope, double quantile) {
      return latency == null ? 0 : latency.micros(scope, quantile) / 1_000.0;
    }
  }

  private CountWindows counted(RuleDefinition rule) {
    CountWindows counted = counts.get(subject(rule));
    if (counted == null) {
      throw notRequired(rule);
    }
    return counted;
  }

  private static IllegalStateException notRequired(RuleDefinition rule) {
    return new IllegalStateException("Rule '" + rule.name() + "' was not asked for.");
  }

  private Map<Subject, CountWindows> replaceCounts(Map<Subject, Integer> needed) {
    counts.keySet().retainAll(needed.keySet());
    Map<Subject, CountWindows> fresh = new HashMap<>();
    needed.forEach(
        (subject, minutes) -> {
          CountWindows known = counts.get(subject);
          if (known == null || known.minutes() < minutes) {
            fresh.put(subject, new CountWindows(subject, minutes));
          }
        });
    counts.putAll(fresh);
    return fresh;
  }

  private Map<Integer, LatencyWindows> replaceLatencies(Map<Integer, Set<Subject>> needed) {
    latencies.keySet().retainAll(needed.keySet());
    Map<Integer, LatencyWindows> fresh = new HashMap<>();
    needed.forEach(
        (window, subjects) -> {
          if (!latencies.containsKey(window)
              || !latencySubjects.getOrDefault(window, Set.of()).containsAll(subjects)) {
            fresh.put(window, new LatencyWindows(window, this::readEdge));
          }
        });
    latencySubjects.clear();
    latencySubjects.putAll(needed);
    latencies.putAll(fresh);
    return fresh;
  }

  /** Reads what came before, minute by minute: a day's rows would be too many at once. */
  private void fill(
      Map<Subject, CountWindows> freshCounts,
      Map<Integer, LatencyWindows> freshLatencies,
      long next) {
    int longest = 0;
    for (CountWindows fresh : freshCounts.values()) {
      longest = Math.max(longest, fresh.minutes());
    }
    for (int window : freshLatencies.keySet()) {
      longest = Math.max(longest, window);
    }
    for (long minute = next - longest + 1; minute < next; minute++) {
      add(minute, freshCounts, freshLatencies);
    }
  }

  private void add(
      long minute, Map<Subject, CountWindows> toCounts, Map<Integer, LatencyWindows> toLatencies) {
    MinuteFigures figures = new MinuteFigures(fields());
    rows.read(start(minute), start(minute + 1), (start, key, row) -> figures.add(key, row));
    toCounts.values().forEach(windows -> windows.add(minute, figures));
    toLatencies.forEach(
        (window, windows) -> windows.add(minute, figures, wanted(window)::contains));
  }

  private Set<Integer> fields() {
    Set<Integer> fields = new HashSet<>();
    counts.keySet().forEach(subject -> fields.add(subject.pattern().fields()));
    return fields;
  }

  private Set<Integer> latencyFields() {
    Set<Integer> fields = new HashSet<>();
    latencySubjects
        .values()
        .forEach(subjects -> subjects.forEach(subject -> fields.add(subject.pattern().fields())));
    return fields;
  }

  private void readEdge(long from, long until, LatencyWindows.EdgeTaker taker) {
    Set<Scope> wanted = new HashSet<>();
    latencySubjects.keySet().forEach(window -> wanted.addAll(wanted(window)));
    for (long minute = from; minute < until; minute++) {
      MinuteFigures figures = new MinuteFigures(latencyFields());
      rows.read(start(minute), start(minute + 1), (start, key, row) -> figures.add(key, row));
      for (Map<Scope, RouteFigures> scopes : figures.all()) {
        for (Map.Entry<Scope, RouteFigures> each : scopes.entrySet()) {
          if (wanted.contains(each.getKey())) {
            taker.take(minute, each.getKey(), each.getValue());
          }
        }
      }
    }
  }

  /** The scopes that rules with latency over a window ask for: only those counted are judged. */
  private Set<Scope> wanted(int window) {
    Set<Scope> wanted = new HashSet<>();
    for (Subject subject : latencySubjects.getOrDefault(window, Set.of())) {
      CountWindows counted = counts.get(subject);
      if (counted != null) {
        wanted.addAll(counted.scopes());
      }
    }
    return wanted;
  }

  private static Subject subject(RuleDefinition rule) {
    return new Subject(
        new ScopePattern(rule.scope()),
        Hits.of(rule),
        measuresLatency(rule) ? MAX_LATENCY_SCOPES : MAX_SCOPES);
  }

  private static int minutes(RuleDefinition rule) {
    return rule.measure().opensBelow()
        ? Math.max(rule.windowMinutes(), MISSED_MINUTES)
        : rule.windowMinutes();
  }

  private static boolean measuresLatency(RuleDefinition rule) {
    return rule.measure() == Measure.LATENCY_P95_MILLIS
        || rule.measure() == Measure.LATENCY_P99_MILLIS;
  }

  private static Instant start(long minute) {
    return Instant.EPOCH.plus(Duration.ofMinutes(minute));
  }
}
