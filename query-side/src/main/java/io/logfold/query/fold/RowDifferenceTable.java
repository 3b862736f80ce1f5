package io.logfold.query.fold;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Compares two generations of any table that has a {@code generation}, row by row. */
@Component
public class RowDifferenceTable {

  private static final int EXAMPLES = 5;

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private static final String ONLY =
      """
       FROM %1$s a
      WHERE a.generation = ?%3$s
        AND NOT EXISTS (SELECT 1 FROM %1$s b WHERE b.generation = ? AND %2$s)
      """;

  private static final String CHANGED =
      """
      SELECT COUNT(*)
        FROM %1$s a JOIN %1$s b ON %2$s
       WHERE a.generation = ? AND b.generation = ? AND (%3$s)%4$s
      """;

  private static final String FIGURES =
      "SELECT %1$s, generation, %2$s FROM %3$s a WHERE generation IN (?, ?)%4$s GROUP BY %1$s, generation";

  private final JdbcTemplate jdbc;

  RowDifferenceTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A table's columns.
   *
   * @param keys what tells rows of a generation apart
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

  /** Compares the rows of two generations. */
  public GenerationDiff.Rows rows(Columns columns, int before, int after) {
    return new GenerationDiff.Rows(
        columns.table(),
        count("SELECT COUNT(*) " + only(columns), before, after),
        count("SELECT COUNT(*) " + only(columns), after, before),
        columns.values().isEmpty() ? 0 : count(changed(columns), before, after),
        examples(columns, before, after),
        examples(columns, after, before));
  }

  /**
   * A figure of each generation for each group of rows.
   *
   * @param prefix goes before the group's name
   * @param columns of the table
   * @param group an expression such as {@code CAST(bucket AS DATE)}
   * @param figure an expression such as {@code SUM(requests)}
   */
  public Collection<GenerationDiff.Figure> figures(
      Columns columns, String prefix, String group, String figure, int before, int after) {
    Map<String, GenerationDiff.Figure> figures = new TreeMap<>();
    jdbc.query(
        FIGURES.formatted(group, figure, columns.table(), columns.condition()),
        row -> {
          String name = prefix + row.getString(1);
          boolean isBefore = row.getInt(2) == before;
          figures.merge(
              name,
              new GenerationDiff.Figure(
                  name, isBefore ? row.getLong(3) : 0, isBefore ? 0 : row.getLong(3)),
              GenerationDiff.Figure::plus);
        },
        before,
        after);
    return figures.values();
  }

  private long count(String sql, int first, int second) {
    Long count = jdbc.queryForObject(sql, Long.class, first, second);
    return count == null ? 0 : count;
  }

  private List<String> examples(Columns columns, int in, int notIn) {
    List<String> shown = new ArrayList<>(columns.keys());
    shown.addAll(columns.values().stream().filter(each -> !each.endsWith("_sketch")).toList());
    String select =
        "SELECT " + shown.stream().map(each -> "a." + each).collect(Collectors.joining(", "));
    String order =
        " ORDER BY "
            + columns.keys().stream().map(each -> "a." + each).collect(Collectors.joining(", "));
    return jdbc.query(
        select + only(columns) + order + " LIMIT " + EXAMPLES,
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
        in,
        notIn);
  }

  private static String only(Columns columns) {
    return ONLY.formatted(columns.table(), same(columns), columns.condition());
  }

  private static String changed(Columns columns) {
    String differs =
        columns.values().stream()
            .map(each -> "a.%1$s <> b.%1$s".formatted(each))
            .collect(Collectors.joining(" OR "));
    return CHANGED.formatted(columns.table(), same(columns), differs, columns.condition());
  }

  private static String same(Columns columns) {
    return columns.keys().stream()
        .map(each -> "b.%1$s = a.%1$s".formatted(each))
        .collect(Collectors.joining(" AND "));
  }
}
