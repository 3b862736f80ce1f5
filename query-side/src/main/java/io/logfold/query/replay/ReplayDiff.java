package io.logfold.query.replay;

import io.logfold.query.fold.GenerationDiff;
import java.util.List;

/**
 * What a switch would change.
 *
 * @param replay such as {@code stats-2}
 * @param equal whether nothing differs
 * @param summary the same in a sentence
 * @param figures sums that differ, at most 200
 * @param tables row by row
 */
record ReplayDiff(
    String replay,
    boolean equal,
    String summary,
    List<GenerationDiff.Figure> figures,
    List<GenerationDiff.Rows> tables) {

  private static final int MOST_FIGURES = 200;

  static ReplayDiff of(String replay, String before, GenerationDiff diff) {
    List<GenerationDiff.Figure> differing =
        diff.figures().stream()
            .filter(figure -> figure.before() != figure.after())
            .limit(MOST_FIGURES)
            .toList();
    return new ReplayDiff(
        replay,
        diff.isEqual(),
        diff.isEqual()
            ? "%s and %s are equal, row by row.".formatted(before, replay)
            : "%s has %,d rows that %s has not, lacks %,d that it has, and differs in %,d."
                .formatted(
                    replay,
                    sum(diff, Side.AFTER),
                    before,
                    sum(diff, Side.BEFORE),
                    sum(diff, Side.BOTH)),
        differing,
        diff.rows());
  }

  private enum Side {
    BEFORE,
    AFTER,
    BOTH
  }

  private static long sum(GenerationDiff diff, Side side) {
    return diff.rows().stream()
        .mapToLong(
            rows ->
                switch (side) {
                  case BEFORE -> rows.onlyBefore();
                  case AFTER -> rows.onlyAfter();
                  case BOTH -> rows.changed();
                })
        .sum();
  }
}
