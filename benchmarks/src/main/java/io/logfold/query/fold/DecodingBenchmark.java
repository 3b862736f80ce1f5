package io.logfold.query.fold;

import io.logfold.benchmarks.Records;
import io.logfold.benchmarks.Requests;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A request's 100 records decoded; times are a log's. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Requests.SIZE)
public class DecodingBenchmark {

  private final LogRecord straight = new LogRecord(Records.converter(), false);
  private final LogRecord byConverter = new LogRecord(Records.converter(), true);
  private final LogChunk packed = new LogChunk(Records.records(), straight::isLogOfToday);
  private final LogChunk whole = new LogChunk(Records.records(), none -> false);

  @Benchmark
  public Object straight() {
    return straight.read(packed);
  }

  @Benchmark
  public Object byTheExtensionsConverter() {
    return byConverter.read(whole);
  }
}
