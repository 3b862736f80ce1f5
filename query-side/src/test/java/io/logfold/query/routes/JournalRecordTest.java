package io.logfold.query.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.query.Logs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JournalRecordTest {

  private static final int PART = 3;

  @Test
  void isReadAsItWasWritten() {
    Random random = Logs.random();
    List<RouteRow> rows = IntStream.range(0, 300).mapToObj(JournalRecordTest::row).toList();
    Map<RouteRow, RouteFigures> expected = new HashMap<>();
    Map<RouteRow, Integer> numbers = new HashMap<>();
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      JournalRecord record = new JournalRecord();
      for (int touched = 0; touched < 40; touched++) {
        RouteRow row = rows.get(random.nextInt(rows.size()));
        boolean isNew = !numbers.containsKey(row);
        int number = numbers.computeIfAbsent(row, key -> numbers.size());
        List<AccessLog> logs = logs(random, row);
        record.add(row, number, isNew, logs);
        RouteFigures figures = expected.computeIfAbsent(row, key -> new RouteFigures());
        logs.forEach(log -> figures.add(log.status(), log.latencyMicros()));
      }
      records.add(record.toBytes());
    }
    Map<RouteRow, RouteFigures> read = new HashMap<>();
    JournalRecord.Reader reader =
        new JournalRecord.Reader(PART, row -> read.computeIfAbsent(row, key -> new RouteFigures()));
    records.forEach(reader::read);
    assertThat(read.keySet()).isEqualTo(expected.keySet());
    expected.forEach((row, figures) -> assertThat(text(read.get(row))).isEqualTo(text(figures)));
  }

  @Test
  void passesOverRowsThatNobodyAsksFor() {
    JournalRecord record = new JournalRecord();
    List<AccessLog> logs = List.of(Logs.ok("/a"), Logs.taking(1L << 60, Logs.ok("/a")));
    record.add(row(0), 0, true, logs);
    record.add(row(1), 1, true, logs);
    RouteFigures wanted = new RouteFigures();
    new JournalRecord.Reader(PART, row -> row.equals(row(1)) ? wanted : null)
        .read(record.toBytes());
    assertThat(wanted.byStatus()).isEqualTo(Map.of(200, 2L));
    assertThat(wanted.latencyMaxMicros()).isEqualTo(1L << 60);
  }

  @Test
  void takesFewBytesALogOfARowThatWasNamedBefore() {
    JournalRecord record = new JournalRecord();
    record.add(row(0), 0, false, List.of(Logs.taking(200_000, Logs.ok("/a"))));
    assertThat(record.bytes()).isEqualTo(record.toBytes().length).isEqualTo(6);
    record.add(row(0), 0, false, List.of(Logs.ok("/a"), Logs.ok("/a"), Logs.ok("/a")));
    assertThat(record.bytes()).isEqualTo(6 + 11);
  }

  @Test
  void knowsItsMinutes() {
    JournalRecord record = new JournalRecord();
    record.add(row(5), 0, true, List.of(Logs.ok("/a")));
    record.add(row(2), 1, true, List.of(Logs.ok("/a")));
    record.add(row(4), 2, true, List.of(Logs.ok("/a")));
    assertThat(record.firstMinute()).isEqualTo(row(2).minute());
    assertThat(record.lastMinute()).isEqualTo(row(5).minute());
  }

  private static RouteRow row(int number) {
    return new RouteRow(
        29_160_000L + number, "shop ü", "/" + "x".repeat(number), "GET", 1 + number % 5, PART);
  }

  private static List<AccessLog> logs(Random random, RouteRow row) {
    return IntStream.rangeClosed(0, random.nextInt(4))
        .mapToObj(
            i ->
                Logs.taking(
                    random.nextLong(1L << random.nextInt(1, 40)),
                    Logs.answered(row.statusClass() * 100 + random.nextInt(100), Logs.ok("/a"))))
        .toList();
  }

  private static String text(RouteFigures figures) {
    return "%d %s %d %d %s"
        .formatted(
            figures.requests(),
            figures.statuses().toText(),
            figures.latencySumMicros(),
            figures.latencyMaxMicros(),
            java.util.HexFormat.of().formatHex(figures.latency().toBytes()));
  }
}
