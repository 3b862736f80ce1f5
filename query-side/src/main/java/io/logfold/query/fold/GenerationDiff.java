package io.logfold.query.fold;

import java.util.List;

/**
 * What differs between two generations of a projection.
 *
 * @param figures sums of both, those that differ and those that do not
 * @param rows row by row, for each table
 */
public record GenerationDiff(List<Figure> figures, List<Rows> rows) {

  /**
   * A sum.
   *
   * @param name such as {@code requests on 2026-11-24}
   */
  public record Figure(String name, long before, long after) {

    Figure plus(Figure other) {
      return new Figure(name, before + other.before, after + other.after);
    }
  }

  /**
   * Rows of a table.
   *
   * @param onlyBefore rows that only the older generation has
   * @param onlyAfter rows that only the newer generation has
   * @param changed rows that both have, with other values
   * @param examplesBefore a few of those that only the older has
   * @param examplesAfter a few of those that only the newer has
   */
  public record Rows(
      String table,
      long onlyBefore,
      long onlyAfter,
      long changed,
      List<String> examplesBefore,
      List<String> examplesAfter) {

    /** Whether both have the same rows. */
    public boolean isEqual() {
      return onlyBefore == 0 && onlyAfter == 0 && changed == 0;
    }
  }

  /** Whether nothing differs. */
  public boolean isEqual() {
    return rows.stream().allMatch(Rows::isEqual);
  }
}
