package io.logfold.query.fold;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Compares two generations of any table that has a {@code generation}, row by row, in steps: how
 * long a statement takes does not grow with the table. Whoever wants an answer of one moment asks
 * within a transaction that sees one.
 */
@Component
public class RowDifferenceTable {

  private static final int EXAMPLES = 5;

  /** Rows of a generation in a step, apart from those with the same first key. */
  private static final int STEP_ROWS = 20_000;

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /** Where the next step ends: at the last row of a step of whichever generation is denser. */
  private static final String STEP_END =
      """
      SELECT MIN(step_end)
        FROM ((%1$s) UNION ALL (%1$s)) ends
      """;

  private static final String NTH_KEY =
      """
      SELECT a.%1$s AS step_end
        FROM %2$s a
       WHERE a.generation = ?%3$s
       ORDER BY a.%1$s
       LIMIT 1 OFFSET %4$d
      """;

  private static final String ROWS = "SELECT COUNT(*) FROM %s a WHERE a.generation = ?%s";

  private static final String COMPARED =
      """
      SELECT COUNT(*), COUNT(b.generation),
             COALESCE(SUM(CASE WHEN %3$s THEN 1 ELSE 0 END), 0)
        FROM %1$s a LEFT JOIN %1$s b ON b.generation = ? AND %2$s
       WHERE a.generation = ?%4$s
      """;

  private static final String ONLY =
      """
       FROM %1$s a
      WHERE a.generation = ?%3$s
        AND NOT EXISTS (SELECT 1 FROM %1$s b WHERE b.generation = ? AND %2$s)
      """;

  private static final String FIGURES =
      "SELECT %1$s, generation, %2$s FROM %3$s a WHERE generation IN (?, ?)%4$s GROUP BY %1$s, generation";

  private static final String VALUES =
      "SELECT %s, generation FROM %s a WHERE generation IN (?, ?)%s";

  private final JdbcTemplate jdbc;
  private final int stepRows;

  @Autowired
  RowDifferenceTable(JdbcTemplate jdbc) {
    this(jdbc, STEP_ROWS);
  }

  RowDifferenceTable(JdbcTemplate jdbc, int stepRows) {
    this.jdbc = jdbc;
    this.stepRows = stepRows;
  }

  /**
   * A table's columns.
   *
   * @param keys what tells rows of a generation apart; the table has an index in which the first
   *     follows the generation, and not many rows have it in common
   * @param values what else must be equal; none of them null
   * @param until if not null, only rows whose {@code bucket} begins before are compared
   */
  public record Columns(
      String table, List<String> keys, List<String> values, @Nullable Instant until) {

    /** Of all rows. */
    public Columns(String table, List<String> keys, List<String> values) {
      this(table, keys, values, null);
    }

    /** The same, of the rows whose {@code bucket} begins before a time. */
    public Columns before(Instant time) {
      return new Columns(table, keys, values, time);
    }

    private String condition() {
      return until == null
          ? ""
          : " AND a.bucket < TIMESTAMP '%s'".formatted(TIME.format(until.atOffset(UTC)));
    }
  }

  /**
   * The rows whose first key is in a range, of any generation.
   *
   * @param after exclusive; null for the first step
   * @param upTo inclusive; null for the last step
   */
  private record Step(Columns columns, @Nullable Object after, @Nullable Object upTo) {

    String condition() {
      String key = columns.keys().get(0);
      return columns.condition()
          + (after == null ? "" : " AND a.%s > ?".formatted(key))
          + (upTo == null ? "" : " AND a.%s <= ?".formatted(key));
    }

    Object[] arguments(Object... generations) {
      return Stream.concat(Arrays.stream(generations), Stream.of(after, upTo))
          .filter(Objects::nonNull)
          .toArray();
    }
  }

  /** Compares the rows of two generations. */
  public GenerationDiff.Rows rows(Columns columns, int before, int after) {
    long onlyBefore = 0;
    long onlyAfter = 0;
    long changed = 0;
    List<String> examplesBefore = new ArrayList<>();
    List<String> examplesAfter = new ArrayList<>();
    for (Step step = first(columns, before, after);
        step != null;
        step = next(step, before, after)) {
      Compared compared = compared(step, before, after);
      long newer = count(step, after);
      onlyBefore += compared.rows - compared.inBoth;
      onlyAfter += newer - compared.inBoth;
      changed += compared.changed;
      if (compared.rows > compared.inBoth) {
        addExamples(examplesBefore, step, before, after);
      }
      if (newer > compared.inBoth) {
        addExamples(examplesAfter, step, after, before);
      }
    }
    return new GenerationDiff.Rows(
        columns.table(), onlyBefore, onlyAfter, changed, examplesBefore, examplesAfter);
  }

  /**
   * A figure of each generation for each group of rows.
   *
   * @param prefix goes before the group's name
   * @param columns of the table
   * @param group an expression such as {@code CAST(bucket AS DATE)}
   * @param figure an expression such as {@code SUM(requests)}, whose values for parts of a group
   *     add up to that of the group
   */
  public Collection<GenerationDiff.Figure> figures(
      Columns columns, String prefix, String group, String figure, int before, int after) {
    Map<String, GenerationDiff.Figure> figures = new TreeMap<>();
    for (Step step = first(columns, before, after);
        step != null;
        step = next(step, before, after)) {
      jdbc.query(
          FIGURES.formatted(group, figure, columns.table(), step.condition()),
          row -> {
            String name = prefix + row.getString(1);
            boolean isBefore = row.getInt(2) == before;
            figures.merge(
                name,
                new GenerationDiff.Figure(
                    name, isBefore ? row.getLong(3) : 0, isBefore ? 0 : row.getLong(3)),
                GenerationDiff.Figure::plus);
          },
          step.arguments(before, after));
    }
    return figures.values();
  }

  /**
   * Reads a column of every row, for sums that the database cannot make; whatever their number,
   * only those of a step are in memory at once.
   *
   * @param each gets the value and its row's generation, in any order
   */
  public void values(
      Columns columns, String column, int before, int after, ObjIntConsumer<String> each) {
    for (Step step = first(columns, before, after);
        step != null;
        step = next(step, before, after)) {
      jdbc.query(
          VALUES.formatted(column, columns.table(), step.condition()),
          row -> {
            each.accept(row.getString(1), row.getInt(2));
          },
          step.arguments(before, after));
    }
  }

  private Step first(Columns columns, int before, int after) {
    return step(columns, null, before, after);
  }

  /** Null after the last. */
  private @Nullable Step next(Step step, int before, int after) {
    return step.upTo() == null ? null : step(step.columns(), step.upTo(), before, after);
  }

  private Step step(Columns columns, @Nullable Object from, int before, int after) {
    Step rest = new Step(columns, from, null);
    String nth =
        NTH_KEY.formatted(columns.keys().get(0), columns.table(), rest.condition(), stepRows - 1);
    Object end =
        jdbc.queryForObject(
            STEP_END.formatted(nth),
            Object.class,
            Stream.of(rest.arguments(before), rest.arguments(after))
                .flatMap(Arrays::stream)
                .toArray());
    return new Step(columns, from, end);
  }

  /**
   * Rows of a generation beside those of another.
   *
   * @param inBoth how many the other has, too
   * @param changed how many of those have other values there
   */
  private record Compared(long rows, long inBoth, long changed) {}

  private Compared compared(Step step, int before, int after) {
    Columns columns = step.columns();
    String differs =
        columns.values().isEmpty()
            ? "FALSE"
            : columns.values().stream()
                .map(each -> "a.%1$s <> b.%1$s".formatted(each))
                .collect(Collectors.joining(" OR "));
    return Objects.requireNonNull(
        jdbc.queryForObject(
            COMPARED.formatted(columns.table(), same(columns), differs, step.condition()),
            (row, number) -> new Compared(row.getLong(1), row.getLong(2), row.getLong(3)),
            step.arguments(after, before)));
  }

  private long count(Step step, int generation) {
    Long count =
        jdbc.queryForObject(
            ROWS.formatted(step.columns().table(), step.condition()),
            Long.class,
            step.arguments(generation));
    return count == null ? 0 : count;
  }

  private void addExamples(List<String> examples, Step step, int in, int notIn) {
    if (examples.size() == EXAMPLES) {
      return;
    }
    Columns columns = step.columns();
    List<String> shown = new ArrayList<>(columns.keys());
    shown.addAll(columns.values().stream().filter(each -> !each.endsWith("_sketch")).toList());
    String select =
        "SELECT " + shown.stream().map(each -> "a." + each).collect(Collectors.joining(", "));
    String order =
        " ORDER BY "
            + columns.keys().stream().map(each -> "a." + each).collect(Collectors.joining(", "));
    List<Object> arguments = new ArrayList<>(List.of(step.arguments(in)));
    arguments.add(notIn);
    examples.addAll(
        jdbc.query(
            select
                + ONLY.formatted(columns.table(), same(columns), step.condition())
                + order
                + " LIMIT "
                + (EXAMPLES - examples.size()),
            (row, number) -> {
              StringBuilder text = new StringBuilder();
              for (int i = 0; i < shown.size(); i++) {
                text.append(i == 0 ? "" : ", ")
                    .append(shown.get(i))
                    .append(' ')
                    .append(row.getString(i + 1));
              }
              return text.toString();
            },
            arguments.toArray()));
  }

  private static String same(Columns columns) {
    return columns.keys().stream()
        .map(each -> "b.%1$s = a.%1$s".formatted(each))
        .collect(Collectors.joining(" AND "));
  }
}
