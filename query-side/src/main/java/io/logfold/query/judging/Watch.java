package io.logfold.query.judging;

import io.logfold.api.alerts.Scope;
import io.logfold.query.alertrules.ActiveRule;
import io.logfold.query.judging.Judge.Outcome;
import io.logfold.query.judging.Judge.Verdict;
import io.logfold.query.judging.Windows.Measured;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Watches minutes, one after the other, for a set of rules: windows and states together. What it
 * finds depends on the rows, the rules and the states it began with, and on nothing else; so a
 * preview finds what live judging found. Not thread-safe.
 */
final class Watch {

  private final Windows windows;
  private final Map<String, Watched> watched = new HashMap<>();
  private Instant next;
  private int scopes;

  /**
   * Begins before a minute.
   *
   * @param next the first minute to judge
   * @param states what was known then
   */
  Watch(MinuteRows rows, Instant next, List<KnownState> states) {
    this.windows = new Windows(rows);
    this.next = next;
    states.forEach(
        known ->
            watched
                .computeIfAbsent(known.ruleId(), id -> new Watched(known.mark()))
                .states
                .put(known.scope(), known.state()));
  }

  /** A state that is worth keeping. */
  record KnownState(String ruleId, RuleMark mark, Scope scope, ScopeState state) {}

  /**
   * Something to tell.
   *
   * @param value the measure over the window that ends with the minute; 0 if the scope is the
   *     rule's no more
   */
  record Finding(
      ActiveRule rule, Scope scope, Instant minute, boolean crossed, double value, long requests) {}

  /** A rule and a scope. */
  record StateKey(String ruleId, Scope scope) {}

  /**
   * What a minute changed.
   *
   * @param gone rules that are watched no more, and whose states are nobody's
   * @param states states that changed; a calm one need not be kept
   */
  record Minute(List<Finding> findings, Set<String> gone, Map<StateKey, KnownState> states) {}

  /** The minute that is judged next. */
  Instant next() {
    return next;
  }

  /** How many scopes were judged in the last minute. */
  int scopes() {
    return scopes;
  }

  /** Judges the next minute, under the rules that are active now. */
  Minute judge(List<ActiveRule> rules) {
    long minute = Duration.between(Instant.EPOCH, next).toMinutes();
    Minute result = new Minute(new ArrayList<>(), gone(rules), new HashMap<>());
    windows.require(rules.stream().map(ActiveRule::rule).toList(), minute);
    if (!rules.isEmpty()) {
      windows.add(minute);
    }
    scopes = 0;
    for (ActiveRule rule : rules) {
      judge(rule, result);
    }
    next = next.plus(Duration.ofMinutes(1));
    return result;
  }

  private Set<String> gone(List<ActiveRule> rules) {
    Set<String> gone = new HashSet<>(watched.keySet());
    rules.forEach(rule -> gone.remove(rule.ruleId()));
    watched.keySet().removeAll(gone);
    return gone;
  }

  private void judge(ActiveRule rule, Minute result) {
    RuleMark mark = RuleMark.of(rule.rule());
    Watched known = watched.computeIfAbsent(rule.ruleId(), id -> new Watched(mark));
    if (!known.mark.equals(mark)) {
      change(rule, known, mark, result);
    }
    Windows.View view = windows.view(rule.rule());
    if (new ScopePattern(rule.rule().scope()).isEach()) {
      List<Scope> unseen =
          known.states.keySet().stream().filter(scope -> !view.isSeen(scope)).toList();
      view.forEachSeen((scope, measured) -> judge(rule, known, scope, measured, result));
      unseen.forEach(scope -> judge(rule, known, scope, view.measured(scope), result));
    } else {
      Scope scope = rule.rule().scope();
      judge(rule, known, scope, view.measured(scope), result);
    }
  }

  /** A row of minutes under another definition is none; what is open stays so while it is meant. */
  private void change(ActiveRule rule, Watched known, RuleMark mark, Minute result) {
    ScopePattern pattern = new ScopePattern(rule.rule().scope());
    boolean sameMeasure = known.mark.measure().equals(mark.measure());
    known.mark = mark;
    for (Map.Entry<Scope, ScopeState> each : List.copyOf(known.states.entrySet())) {
      ScopeState state = each.getValue().anew();
      Scope scope = each.getKey();
      if (state.open() && !pattern.matches(scope)) {
        result.findings().add(new Finding(rule, scope, next, false, 0, 0));
        state = ScopeState.CALM;
      } else if (state.open() && !sameMeasure) {
        state = ScopeState.open(rule.rule().opensAt());
      }
      put(rule, known, scope, state, result);
    }
  }

  private void judge(
      ActiveRule rule, Watched known, Scope scope, Measured measured, Minute result) {
    scopes++;
    ScopeState before = known.states.getOrDefault(scope, ScopeState.CALM);
    Outcome outcome = Judge.judge(rule.rule(), before, measured.value(), measured.requests());
    if (!outcome.state().equals(before)) {
      put(rule, known, scope, outcome.state(), result);
    }
    if (outcome.verdict() != Verdict.NOTHING) {
      result
          .findings()
          .add(
              new Finding(
                  rule,
                  scope,
                  next,
                  outcome.verdict() == Verdict.CROSSED,
                  measured.value(),
                  measured.requests()));
    }
  }

  private static void put(
      ActiveRule rule, Watched known, Scope scope, ScopeState state, Minute result) {
    if (state.isCalm()) {
      known.states.remove(scope);
    } else {
      known.states.put(scope, state);
    }
    result
        .states()
        .put(
            new StateKey(rule.ruleId(), scope),
            new KnownState(rule.ruleId(), known.mark, scope, state));
  }

  /** A rule and how it stands towards the scopes that are not calm. */
  private static final class Watched {

    private final Map<Scope, ScopeState> states = new HashMap<>();
    private RuleMark mark;

    Watched(RuleMark mark) {
      this.mark = mark;
    }
  }
}
