package io.logfold.query.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.query.Logs;
import io.logfold.query.rollup.StatusCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RollupTest {

  @Test
  void countsWhatIsAdded() {
    Rollup rollup =
        of(
            List.of(
                Logs.taking(1_000, Logs.ok("/")),
                Logs.taking(2_001, Logs.ok("/")),
                Logs.taking(500, Logs.notFound("/"))));
    assertThat(rollup.requests()).isEqualTo(3);
    assertThat(rollup.byStatus().toMap()).isEqualTo(Map.of(200, 2L, 404, 1L));
    assertThat(rollup.latencySumMicros()).isEqualTo(3_501);
    assertThat(rollup.latencyMaxMicros()).isEqualTo(2_001);
    assertThat(rollup.latencyMeanMicros()).isEqualTo(1_167);
    assertThat(rollup.ips().count()).isEqualTo(2);
  }

  @Test
  void hasAMeanOfZeroWithoutRequests() {
    assertThat(new Rollup().latencyMeanMicros()).isZero();
  }

  @Test
  void isTheSameWhateverTheOrder() {
    List<AccessLog> logs = logs();
    String before = whole(of(logs));
    Collections.shuffle(logs, Logs.random());
    assertThat(whole(of(logs))).isEqualTo(before);
  }

  @Test
  void isTheSameWhetherMergedOrCountedAtOnce() {
    List<AccessLog> logs = logs();
    Rollup merged = of(logs.subList(1_900, 2_000));
    merged.merge(new Rollup());
    merged.merge(of(logs.subList(0, 700)));
    merged.merge(of(logs.subList(700, 1_900)));
    assertThat(whole(merged)).isEqualTo(whole(of(logs)));
  }

  @Test
  void writesStatusesInOrderAndReadsThemBack() {
    Rollup rollup = of(List.of(Logs.serverError("/"), Logs.ok("/"), Logs.ok("/")));
    assertThat(rollup.byStatus().toText()).isEqualTo("200:2,500:1");
    assertThat(StatusCounts.fromText("200:2,500:1").toMap()).isEqualTo(rollup.byStatus().toMap());
  }

  private static List<AccessLog> logs() {
    Random random = Logs.random();
    List<AccessLog> logs = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      logs.add(
          Logs.from(
              Logs.ip(random.nextInt(900)),
              Logs.taking(
                  random.nextInt(1_000_000),
                  Logs.answered(100 + random.nextInt(500), Logs.ok("/")))));
    }
    return logs;
  }

  private static Rollup of(List<AccessLog> logs) {
    Rollup rollup = new Rollup();
    logs.forEach(log -> rollup.add(log, DistinctIps.hash(log.ip())));
    return rollup;
  }

  private static String whole(Rollup rollup) {
    HexFormat hex = HexFormat.of();
    return String.join(
        "|",
        rollup.byStatus().toText(),
        Long.toString(rollup.requests()),
        Long.toString(rollup.latencySumMicros()),
        Long.toString(rollup.latencyMaxMicros()),
        hex.formatHex(rollup.latency().toBytes()),
        hex.formatHex(rollup.ips().toBytes()));
  }
}
