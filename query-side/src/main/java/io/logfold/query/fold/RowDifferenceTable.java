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
import java.util.function.Consumer;
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
   * A table of two generations, cut into ranges of the first key.
   *
   * @param before the older generation
   * @param after the newer generation
   * @param ends where each range but the last ends, inclusive
   */
  public record Steps(Columns columns, int before, int after, List<Object> ends) {

    private void each(Consumer<Step> work) {
      Object from = null;
      for (Object end : ends) {
        work.accept(new Step(columns, from, end));
        from = end;
      }
      work.accept(new Step(columns, from, null));
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

  /** Finds the steps to compare a table in, by going over the first keys of both generations. */
  public Steps steps(Columns columns, int before, int after) {
    List<Object> ends = new ArrayList<>();
    for (Object end = end(columns, null, before, after);
        end != null;
        end = end(columns, end, before, after)) {
      ends.add(end);
    }
    return new Steps(columns, before, after, ends);
  }

  /** Null for the last step. */
  private @Nullable Object end(Columns columns, @Nullable Object from, int before, int after) {
    Step rest = new Step(columns, from, null);
    String nth =
        NTH_KEY.formatted(columns.keys().get(0), columns.table(), rest.condition(), stepRows - 1);
    return jdbc.queryForObject(
        STEP_END.formatted(nth),
        Object.class,
        Stream.of(rest.arguments(before), rest.arguments(after)).flatMap(Arrays::stream).toArray());
  }

  /** Compares the rows of two generations. */
  public GenerationDiff.Rows rows(Steps steps) {
    List<GenerationDiff.Rows> rows = new ArrayList<>();
    steps.each(step -> rows.add(rows(step, steps.before(), steps.after())));
    return rows.stream().reduce(RowDifferenceTable::plus).orElseThrow();
  }

  private GenerationDiff.Rows rows(Step step, int before, int after) {
    Compared compared = compared(step, before, after);
    long onlyBefore = compared.rows - compared.inBoth;
    long onlyAfter = count(step, after) - compared.inBoth;
    return new GenerationDiff.Rows(
        step.columns().table(),
        onlyBefore,
        onlyAfter,
        compared.changed,
        onlyBefore == 0 ? List.of() : examples(step, before, after),
        onlyAfter == 0 ? List.of() : examples(step, after, before));
  }

  private static GenerationDiff.Rows plus(GenerationDiff.Rows one, GenerationDiff.Rows next) {
    return new GenerationDiff.Rows(
        one.table(),
        one.onlyBefore() + next.onlyBefore(),
        one.onlyAfter() + next.onlyAfter(),
        one.changed() + next.changed(),
        first(one.examplesBefore(), next.examplesBefore()),
        first(one.examplesAfter(), next.examplesAfter()));
  }

  private static List<String> first(List<String> one, List<String> next) {
    return Stream.concat(one.stream(), next.stream()).limit(EXAMPLES).toList();
  }

  /**
   * A figure of each generation for each group of rows.
   *
   * @param prefix goes before the group's name
   * @param group an expression such as {@code CAST(bucket AS DATE)}
   * @param figure an expression such as {@code SUM(requests)}, whose values for parts of a group
   *     add up to that of the group
   */
  public Collection<GenerationDiff.Figure> figures(
      Steps steps, String prefix, String group, String figure) {
    Map<String, GenerationDiff.Figure> figures = new TreeMap<>();
    steps.each(
        step ->
            jdbc.query(
                FIGURES.formatted(group, figure, step.columns().table(), step.condition()),
                row -> {
                  String name = prefix + row.getString(1);
                  boolean isBefore = row.getInt(2) == steps.before();
                  figures.merge(
                      name,
                      new GenerationDiff.Figure(
                          name, isBefore ? row.getLong(3) : 0, isBefore ? 0 : row.getLong(3)),
                      GenerationDiff.Figure::plus);
                },
                step.arguments(steps.before(), steps.after())));
    return figures.values();
  }

  /**
   * Reads a column of every row, for sums that the database cannot make; whatever their number,
   * only those of a step are in memory at once.
   *
   * @param each gets the value and its row's generation, in any order
   */
  public void values(Steps steps, String column, ObjIntConsumer<String> each) {
    steps.each(
        step ->
            jdbc.query(
                VALUES.formatted(column, step.columns().table(), step.condition()),
                row -> {
                  each.accept(row.getString(1), row.getInt(2));
                },
                step.arguments(steps.before(), steps.after())));
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

  private List<String> examples(Step step, int in, int notIn) {
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
    return jdbc.query(
        select
            + ONLY.formatted(columns.table(), same(columns), step.condition())
            + order
            + " LIMIT "
            + EXAMPLES,
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
        arguments.toArray());
  }

  private static String same(Columns columns) {
    return columns.keys().stream()
        .map(each -> "b.%1$s = a.%1$s".formatted(each))
        .collect(Collectors.joining(" AND "));
  }
}
