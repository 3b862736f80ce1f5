package io.logfold.command.ingest;

import io.logfold.benchmarks.Records;
import io.logfold.benchmarks.Requests;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A request of 100 logs through the command side's own code; times are a log's. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Requests.SIZE)
public class IngestBenchmark {

  private final RequestReader reader = new RequestReader(defaults(), Clock.systemUTC());
  private final Admission admission = new Admission(defaults());
  private final KafkaMessageConverter<String, byte[]> converter =
      new LogConfiguration().logConverter(Records.serializer());
  private final byte[] json = Requests.json();
  private final byte[] text = Requests.text();
  private final List<EventMessage<?>> messages = Records.messages();

  private static IngestProperties defaults() {
    return new Binder(new MapConfigurationPropertySource(Map.of()))
        .bindOrCreate("logfold.ingest", IngestProperties.class);
  }

  @Benchmark
  public Object readsJson() {
    return read(json);
  }

  @Benchmark
  public Object readsCombinedLines() {
    return read(text);
  }

  @Benchmark
  public void makesRecords(Blackhole sink) {
    for (EventMessage<?> message : messages) {
      sink.consume(converter.createKafkaMessage(message, "logs"));
    }
  }

  private Object read(byte[] body) {
    try (Admission.Place place = admission.enter()) {
      return reader.read(body, "default", place);
    }
  }
}
