package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.query.fold.RowDifferenceTable.Columns;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class RowDifferenceTableTest {

  private static final int BEFORE = 3;
  private static final int AFTER = 4;
  private static final LocalDateTime DAY = LocalDateTime.parse("2026-11-28T23:59:59");
  private static final Columns ROWS =
      new Columns("visit", List.of("time", "id"), List.of("status", "path"));

  private final long seed = Long.getLong("differences.seed", System.nanoTime());

  private final JdbcTemplate jdbc =
      new JdbcTemplate(
          new DriverManagerDataSource(
              "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=MySQL;DB_CLOSE_DELAY=-1"));

  private final Map<Key, Integer> before = new HashMap<>();
  private final Map<Key, Integer> after = new HashMap<>();

  /** Some rows are in both, some with another status. */
  @BeforeEach
  void createTableWithRandomRows() {
    jdbc.execute(
        """
        CREATE TABLE visit (
          generation INT NOT NULL, time DATETIME(3) NOT NULL, id BIGINT NOT NULL,
          status INT NOT NULL, path VARCHAR(20) NOT NULL,
          PRIMARY KEY (generation, time, id))
        """);
    System.out.println("Rows of -Ddifferences.seed=" + seed);
    Random random = new Random(seed);
    before.putAll(random(random));
    after.putAll(random(random));
    before.forEach(
        (key, status) -> {
          if (random.nextInt(3) > 0) {
            after.putIfAbsent(key, status);
          }
        });
    insert(BEFORE, before);
    insert(AFTER, after);
    insert(AFTER + 1, random(random));
  }

  private record Key(LocalDateTime time, long id) {}

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 1_000_000})
  void findsEveryDifferenceWhereverItsStepsEnd(int stepRows) {
    RowDifferenceTable table = new RowDifferenceTable(jdbc, stepRows);
    GenerationDiff.Rows rows = table.rows(table.steps(ROWS, BEFORE, AFTER));
    assertThat(rows.onlyBefore()).isEqualTo(countMissing(before, after));
    assertThat(rows.onlyAfter()).isEqualTo(countMissing(after, before));
    assertThat(rows.changed())
        .isEqualTo(
            before.entrySet().stream()
                .filter(each -> after.containsKey(each.getKey()))
                .filter(each -> !after.get(each.getKey()).equals(each.getValue()))
                .count());
    assertThat(rows.examplesBefore()).hasSize((int) Math.min(5, rows.onlyBefore()));
    assertThat(rows.examplesAfter()).hasSize((int) Math.min(5, rows.onlyAfter()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1_000_000})
  void addsUpWhereverItsStepsEnd(int stepRows) {
    RowDifferenceTable table = new RowDifferenceTable(jdbc, stepRows);
    Map<String, GenerationDiff.Figure> expected = new TreeMap<>();
    before.forEach((key, status) -> add(expected, new GenerationDiff.Figure("n " + status, 1, 0)));
    after.forEach((key, status) -> add(expected, new GenerationDiff.Figure("n " + status, 0, 1)));
    assertThat(table.figures(table.steps(ROWS, BEFORE, AFTER), "n ", "status", "COUNT(*)"))
        .containsExactlyElementsOf(expected.values());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1_000_000})
  void readsEachValueOnceWhereverItsStepsEnd(int stepRows) {
    RowDifferenceTable table = new RowDifferenceTable(jdbc, stepRows);
    List<String> expected = new ArrayList<>();
    before.values().forEach(status -> expected.add("/" + status + " of " + BEFORE));
    after.values().forEach(status -> expected.add("/" + status + " of " + AFTER));
    List<String> values = new ArrayList<>();
    table.values(
        table.steps(ROWS, BEFORE, AFTER),
        "path",
        (value, generation) -> values.add(value + " of " + generation));
    assertThat(values).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void endsAStepAtTheDenserGenerationsRows() {
    clear();
    for (int i = 0; i < 10; i++) {
      insert(BEFORE, Map.of(new Key(DAY.plusSeconds(i), 0), 404));
    }
    insert(AFTER, Map.of(new Key(DAY.plusSeconds(5), 0), 404));
    assertThat(new RowDifferenceTable(jdbc, 4).steps(ROWS, BEFORE, AFTER).ends())
        .extracting(Object::toString)
        .containsExactly("2026-11-29 00:00:02.0", "2026-11-29 00:00:06.0");
  }

  @Test
  void showsTheFirstOfThoseThatOnlyOneHas() {
    clear();
    insert(BEFORE, Map.of(new Key(DAY, 1), 404, new Key(DAY.plusSeconds(1), 2), 500));
    insert(AFTER, Map.of(new Key(DAY, 1), 404));
    RowDifferenceTable table = new RowDifferenceTable(jdbc, 1);
    assertThat(table.rows(table.steps(ROWS, BEFORE, AFTER)))
        .isEqualTo(
            new GenerationDiff.Rows(
                "visit",
                1,
                0,
                0,
                List.of("time 2026-11-29 00:00:00, id 2, status 500, path /500"),
                List.of()));
  }

  @Test
  void findsNothingInNothing() {
    clear();
    RowDifferenceTable table = new RowDifferenceTable(jdbc, 1);
    RowDifferenceTable.Steps steps = table.steps(ROWS, BEFORE, AFTER);
    assertThat(table.rows(steps).isEqual()).isTrue();
    assertThat(table.figures(steps, "", "status", "COUNT(*)")).isEmpty();
  }

  private void clear() {
    jdbc.update("DELETE FROM visit");
  }

  /** Few times, so that many rows have theirs in common. */
  private static Map<Key, Integer> random(Random random) {
    Map<Key, Integer> rows = new HashMap<>();
    int times = 1 + random.nextInt(60);
    for (int i = random.nextInt(200); i > 0; i--) {
      LocalDateTime time = DAY.plusNanos(random.nextInt(times) * 50_000_000L);
      rows.put(new Key(time, random.nextInt(10)), 400 + random.nextInt(3));
    }
    return rows;
  }

  private void insert(int generation, Map<Key, Integer> rows) {
    rows.forEach(
        (key, status) ->
            jdbc.update(
                "INSERT INTO visit VALUES (?, ?, ?, ?, ?)",
                generation,
                key.time(),
                key.id(),
                status,
                "/" + status));
  }

  private static long countMissing(Map<Key, Integer> in, Map<Key, Integer> notIn) {
    return in.keySet().stream().filter(key -> !notIn.containsKey(key)).count();
  }

  private static void add(
      Map<String, GenerationDiff.Figure> figures, GenerationDiff.Figure figure) {
    figures.merge(figure.name(), figure, GenerationDiff.Figure::plus);
  }
}
