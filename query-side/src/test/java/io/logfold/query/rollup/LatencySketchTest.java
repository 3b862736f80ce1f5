package io.logfold.query.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logfold.query.Logs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatencySketchTest {

  private static final double[] QUANTILES = {0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1};

  static Stream<ToLongFunction<Random>> distributions() {
    return Stream.of(
        random -> random.nextInt(1_000) * 1_000L,
        random -> random.nextInt(10),
        random -> Math.round(Math.exp(random.nextGaussian() * 2 + 10)),
        random -> (long) (1 / Math.pow(1 - random.nextDouble(), 2)),
        random -> random.nextInt(100) == 0 ? 86_400_000_000L : 1);
  }

  @ParameterizedTest
  @MethodSource("distributions")
  void isWithinOnePercentOfTheExactQuantile(ToLongFunction<Random> distribution) {
    long[] latencies = latencies(20_000, distribution);
    LatencySketch sketch = sketch(latencies);
    Arrays.sort(latencies);
    for (double quantile : QUANTILES) {
      long exact = latencies[(int) Math.floor(quantile * (latencies.length - 1))];
      assertThat((double) sketch.micros(quantile))
          .as("quantile %s", quantile)
          .isCloseTo(exact, within(exact * 0.01 + 0.5)); // answers are whole microseconds
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 971_000, 86_400_000_000L})
  void answersTheOnlyLatencyForEveryQuantile(long micros) {
    LatencySketch sketch = sketch(micros);
    for (double quantile : QUANTILES) {
      assertThat((double) sketch.micros(quantile)).isCloseTo(micros, within(micros * 0.01));
    }
  }

  @Test
  void answersZeroWithoutRequests() {
    assertThat(new LatencySketch().micros(0.99)).isZero();
  }

  @Test
  void givesTheSameBytesWhateverTheOrder() {
    List<Long> latencies = mixed();
    byte[] before = sketch(latencies).toBytes();
    Collections.shuffle(latencies, Logs.random());
    assertThat(sketch(latencies).toBytes()).isEqualTo(before);
  }

  @Test
  void givesTheSameBytesWhetherMergedOrCountedAtOnce() {
    List<Long> latencies = mixed();
    LatencySketch merged = new LatencySketch();
    merged.merge(sketch(latencies.subList(4_000, 5_000)));
    merged.merge(new LatencySketch());
    merged.merge(sketch(latencies.subList(0, 3_999)));
    merged.merge(sketch(latencies.subList(3_999, 4_000)));
    assertThat(merged.toBytes()).isEqualTo(sketch(latencies).toBytes());
  }

  @Test
  void leavesAMergedSketchAsItWas() {
    LatencySketch other = sketch(mixed());
    byte[] before = other.toBytes();
    LatencySketch total = sketch(5);
    total.merge(other);
    total.add(7);
    assertThat(other.toBytes()).isEqualTo(before);
  }

  @Test
  void goesOnFromItsBytes() {
    List<Long> latencies = mixed();
    LatencySketch read = LatencySketch.fromBytes(sketch(latencies.subList(0, 100)).toBytes());
    latencies.subList(100, 5_000).forEach(read::add);
    assertThat(read.toBytes()).isEqualTo(sketch(latencies).toBytes());
  }

  @Test
  void goesOnFromTheBytesOfNothing() {
    LatencySketch read = LatencySketch.fromBytes(new LatencySketch().toBytes());
    assertThat(read.micros(0.5)).isZero();
    read.add(1_000);
    assertThat(read.toBytes()).isEqualTo(sketch(1_000).toBytes());
  }

  @Test
  void staysSmallBetweenAMicrosecondAndADay() {
    LatencySketch sketch = new LatencySketch();
    for (double micros = 1; micros <= 86_400_000_000.0; micros *= 1.005) {
      sketch.add(Math.round(micros));
    }
    assertThat(sketch.toBytes().length).isLessThan(4_096);
  }

  private static List<Long> mixed() {
    return new ArrayList<>(
        Arrays.stream(
                latencies(
                    5_000,
                    random ->
                        random.nextInt(50) == 0 ? 0 : Math.round(Math.exp(random.nextInt(25)))))
            .boxed()
            .toList());
  }

  private static long[] latencies(int number, ToLongFunction<Random> distribution) {
    Random random = Logs.random();
    return Stream.generate(() -> random).limit(number).mapToLong(distribution).toArray();
  }

  private static LatencySketch sketch(List<Long> latencies) {
    return sketch(latencies.stream().mapToLong(Long::longValue).toArray());
  }

  private static LatencySketch sketch(long... latencies) {
    LatencySketch sketch = new LatencySketch();
    Arrays.stream(latencies).forEach(sketch::add);
    return sketch;
  }
}
