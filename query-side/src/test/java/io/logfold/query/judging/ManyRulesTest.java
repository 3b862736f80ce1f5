package io.logfold.query.judging;

import static io.logfold.query.judging.Rules.on;
import static io.logfold.query.judging.Rules.over;
import static io.logfold.query.judging.Rules.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.alerts.Measure;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.Scope;
import io.logfold.query.alertrules.ActiveRule;
import io.logfold.query.routes.RouteFigures;
import io.logfold.query.routes.RouteKey;
import io.logfold.query.routes.RouteTable.RouteReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManyRulesTest {

  private static final Instant START = Instant.parse("2025-06-10T10:00:00Z");
  private static final int ROUTES = 1_000;
  private static final int MINUTES = 30;

  private final List<RouteFigures> figures = new ArrayList<>();

  /** How long it takes is printed and never judged: machines differ. */
  @Test
  void judgesFiveHundredRulesOnAThousandRoutes() {
    Random random = new Random(1);
    for (int route = 0; route < ROUTES; route++) {
      figures.add(anyFigures(random));
    }
    List<ActiveRule> rules = rules();
    Watch watch = new Watch(this::read, START, List.of());
    long began = System.nanoTime();
    watch.judge(rules);
    System.out.printf("500 rules on 1,000 routes: the first minute took %d ms%n", millis(began));
    long judging = System.nanoTime();
    for (int minute = 0; minute < MINUTES; minute++) {
      watch.judge(rules);
    }
    System.out.printf(
        "500 rules on 1,000 routes: a minute takes %d ms, and judges %d scopes%n",
        millis(judging) / MINUTES, watch.scopes());
    assertThat(watch.scopes()).isEqualTo(250 * ROUTES + 250);
  }

  /** Half of them see every route apart, a fifth measure latency. */
  private static List<ActiveRule> rules() {
    List<ActiveRule> rules = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Measure measure =
          i % 5 == 0
              ? Measure.LATENCY_P99_MILLIS
              : Measure.values()[(i / 2) % 3]; // shares and a status
      Scope scope = new Scope("shop", i % 2 == 0 ? "*" : "/r" + i, null);
      int window = new int[] {1, 5, 10, 15, 60}[(i / 10) % 5];
      RuleDefinition rule = over(window, on(scope, rule(measure, 0.9 + i, 0.1)));
      rules.add(new ActiveRule("rule-" + i, rule));
    }
    return rules;
  }

  private static RouteFigures anyFigures(Random random) {
    RouteFigures any = new RouteFigures();
    for (int request = 0; request < 200; request++) {
      any.add(random.nextInt(50) == 0 ? 500 : 200, (long) Math.exp(7 + 2 * random.nextGaussian()));
    }
    return any;
  }

  private void read(Instant from, Instant until, RouteReader reader) {
    for (Instant minute = from;
        minute.isBefore(until);
        minute = minute.plus(Duration.ofMinutes(1))) {
      for (int route = 0; route < ROUTES; route++) {
        RouteFigures copy = new RouteFigures();
        copy.merge(figures.get(route));
        reader.row(minute, new RouteKey("shop", "/r" + route, "GET"), copy);
      }
    }
  }

  private static long millis(long since) {
    return Duration.ofNanos(System.nanoTime() - since).toMillis();
  }
}
