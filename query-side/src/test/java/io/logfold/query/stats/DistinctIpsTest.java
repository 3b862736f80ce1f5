package io.logfold.query.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logfold.query.Logs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctIpsTest {

  @Test
  void isExactUpTo512Addresses() {
    DistinctIps ips = new DistinctIps();
    for (int number = 0; number < 512; number++) {
      ips.add(DistinctIps.hash(Logs.ip(number)));
      ips.add(DistinctIps.hash(Logs.ip(number / 2)));
      assertThat(ips.count()).isEqualTo(number + 1);
    }
    assertThat(ips.toBytes()).hasSize(512 * Long.BYTES);
  }

  @ParameterizedTest
  @ValueSource(ints = {513, 1_000, 5_000, 20_000, 100_000, 500_000})
  void isWithinThreePercentBeyond(int number) {
    DistinctIps ips = of(0, number);
    assertThat((double) ips.count()).isCloseTo(number, within(number * 0.03));
    assertThat(ips.toBytes()).hasSize(8_192);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 512, 513, 20_000})
  void knowsWhetherItsBytesAreStored(int number) {
    DistinctIps ips = of(0, number);
    assertThat(ips.isStored()).isFalse();
    ips.markStored();
    byte[] stored = ips.toBytes().clone();
    for (int other = 0; other < 2 * number; other++) {
      ips.add(DistinctIps.hash(Logs.ip(other)));
      assertThat(ips.isStored()).as("%d", other).isEqualTo(Arrays.equals(ips.toBytes(), stored));
      if (!ips.isStored()) {
        ips.markStored();
        stored = ips.toBytes().clone();
      }
    }
    assertThat(DistinctIps.fromBytes(stored).isStored()).isTrue();
  }

  @Test
  void errsByLessThanOnePercentOnTheWhole() {
    double squares = 0;
    for (int trial = 0; trial < 100; trial++) {
      double error = of(trial * 10_000, (trial + 1) * 10_000).count() / 10_000.0 - 1;
      squares += error * error;
    }
    assertThat(Math.sqrt(squares / 100)).isLessThan(0.012); // 0.9 % and the scatter of 100 trials
  }

  @Test
  void countsAnAddressInAnyCaseOnce() {
    DistinctIps ips = new DistinctIps();
    ips.add(DistinctIps.hash("2001:db8::a"));
    ips.add(DistinctIps.hash("2001:DB8::A"));
    assertThat(ips.count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 512, 513, 20_000})
  void givesTheSameBytesWhateverTheOrderAndHoweverOften(int number) {
    List<Integer> numbers = new ArrayList<>(IntStream.range(0, number).boxed().toList());
    numbers.addAll(numbers.subList(0, number / 2));
    Collections.shuffle(numbers, Logs.random());
    DistinctIps shuffled = new DistinctIps();
    numbers.forEach(each -> shuffled.add(DistinctIps.hash(Logs.ip(each))));
    assertThat(shuffled.toBytes()).isEqualTo(of(0, number).toBytes());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 400, 512, 513, 3_000})
  void givesTheSameBytesWhetherMergedOrCountedAtOnce(int cut) {
    DistinctIps merged = of(0, cut);
    merged.merge(of(cut / 2, 3_000));
    merged.merge(new DistinctIps());
    assertThat(merged.toBytes()).isEqualTo(of(0, 3_000).toBytes());
    DistinctIps small = of(0, cut);
    small.merge(of(cut, cut + 10));
    assertThat(small.toBytes()).isEqualTo(of(0, cut + 10).toBytes());
  }

  @Test
  void leavesAMergedCountAsItWas() {
    for (int number : new int[] {10, 2_000}) {
      DistinctIps other = of(0, number);
      byte[] before = other.toBytes().clone();
      DistinctIps total = new DistinctIps();
      total.merge(other);
      IntStream.range(5_000, 9_000).forEach(each -> total.add(DistinctIps.hash(Logs.ip(each))));
      assertThat(other.toBytes()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 513, 2_000})
  void goesOnFromItsBytes(int number) {
    byte[] bytes = of(0, number).toBytes();
    DistinctIps read = DistinctIps.fromBytes(bytes);
    assertThat(read.count()).isEqualTo(of(0, number).count());
    assertThat(read.toBytes()).isEqualTo(bytes);
    IntStream.range(number, 2_100).forEach(each -> read.add(DistinctIps.hash(Logs.ip(each))));
    assertThat(read.toBytes()).isEqualTo(of(0, 2_100).toBytes());
    assertThat(bytes).isEqualTo(of(0, number).toBytes());
  }

  private static DistinctIps of(int from, int until) {
    DistinctIps ips = new DistinctIps();
    IntStream.range(from, until).forEach(number -> ips.add(DistinctIps.hash(Logs.ip(number))));
    return ips;
  }
}
