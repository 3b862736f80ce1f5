package io.logfold.query.routes;

import io.logfold.api.AccessLog;
import io.logfold.benchmarks.Requests;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** The routes of 100 logs, most of them of paths that end in an id; times are a log's. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Requests.SIZE)
public class RouteTemplatesBenchmark {

  private final List<AccessLog> logs = Requests.logs();

  /** How many of the user's rules are tried in vain. */
  @Param({"0", "10", "200"})
  public int rules;

  private RouteTemplates templates = templates(0);

  @Setup
  public void makeRules() {
    templates = templates(rules);
  }

  @Benchmark
  public void findsRoutes(Blackhole found) {
    for (AccessLog log : logs) {
      found.consume(templates.of(log));
    }
  }

  private static RouteTemplates templates(int rules) {
    return new RouteTemplates(Collections.nCopies(rules, "/products/{category}/of/{sku}"));
  }
}
