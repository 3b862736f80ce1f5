package io.logfold.query.stats;

import io.logfold.api.AccessLog;
import io.logfold.benchmarks.Requests;
import io.logfold.query.rollup.LatencySketch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** 100 logs folded into a bucket, and into each of its sketches alone; times are a log's. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Requests.SIZE)
public class RollupBenchmark {

  private final List<AccessLog> logs = Requests.logs();
  private final Rollup rollup = new Rollup();
  private final LatencySketch latency = new LatencySketch();
  private final DistinctIps ips = new DistinctIps();

  @Benchmark
  public Object foldsLogs() {
    for (AccessLog log : logs) {
      rollup.add(log, DistinctIps.hash(log.ip()));
    }
    return rollup;
  }

  @Benchmark
  public Object addsLatencies() {
    for (AccessLog log : logs) {
      latency.add(log.latencyMicros());
    }
    return latency;
  }

  @Benchmark
  public Object addsAddresses() {
    for (AccessLog log : logs) {
      ips.add(DistinctIps.hash(log.ip()));
    }
    return ips;
  }
}
