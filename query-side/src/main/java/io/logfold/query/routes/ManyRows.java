package io.logfold.query.routes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Many rows in few statements, of few different lengths, so that the driver knows them again. */
final class ManyRows {

  private static final int[] SIZES = {256, 32, 4, 1};

  private ManyRows() {}

  /** Hands over rows in slices, each of one statement. */
  static <R> void inSlices(List<R> rows, Consumer<List<R>> statement) {
    int from = 0;
    for (int size : SIZES) {
      while (rows.size() - from >= size) {
        statement.accept(rows.subList(from, from + size));
        from += size;
      }
    }
  }

  /** The same piece of SQL for each row. */
  static String repeated(String piece, int rows, String separator) {
    return String.join(separator, Collections.nCopies(rows, piece));
  }

  /** The values of each row, one after the other. */
  static <R> Object[] values(List<R> rows, Function<R, List<?>> values) {
    List<Object> all = new ArrayList<>();
    rows.forEach(row -> all.addAll(values.apply(row)));
    return all.toArray();
  }
}
