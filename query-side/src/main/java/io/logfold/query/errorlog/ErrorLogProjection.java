package io.logfold.query.errorlog;

import io.logfold.api.AccessLog;
import io.logfold.query.fold.CarryOver;
import io.logfold.query.fold.GenerationDiff;
import io.logfold.query.fold.GenerationDiff.Figure;
import io.logfold.query.fold.GenerationWriter;
import io.logfold.query.fold.LogProjection;
import io.logfold.query.fold.ReceivedLog;
import io.logfold.query.fold.RowDifferenceTable;
import io.logfold.query.fold.RowDifferenceTable.Columns;
import io.logfold.query.fold.RowDifferenceTable.Steps;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** One row for each log whose status is in the error rule. */
@Component
class ErrorLogProjection implements LogProjection {

  static final String NAME = "error-log";

  /** The version since which errors are counted beside their rows. */
  static final int COUNTED = 2;

  private static final Columns ROWS =
      new Columns(
          "error_log",
          List.of("time", "id"),
          List.of("status", "method", "path", "ip", "source", "latency_micros"));

  private final ErrorRule rule;
  private final ErrorLogTable table;
  private final ErrorCountTable counts;
  private final RowDifferenceTable differences;

  ErrorLogProjection(
      ErrorLogProperties properties,
      ErrorLogTable table,
      ErrorCountTable counts,
      RowDifferenceTable differences) {
    this.rule = ErrorRule.parse(properties.statuses());
    this.table = table;
    this.counts = counts;
    this.differences = differences;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int version() {
    return COUNTED;
  }

  @Override
  public String rule() {
    return rule.toString();
  }

  @Override
  public GenerationWriter writer(int generation, String storedRule) {
    return new Writer(generation, ErrorRule.parse(storedRule));
  }

  @Override
  public void clear(int generation) {
    table.clear(generation);
    counts.clear(generation);
  }

  @Override
  public void carryOver(CarryOver lost, GenerationWriter writer) {
    table.carryOver(lost, ((Writer) writer).taken);
    counts.carryOver(lost);
  }

  /** The counts follow from the rows. */
  @Override
  public GenerationDiff compare(int before, int after) {
    Steps rows = differences.steps(ROWS, before, after);
    List<Figure> figures = new ArrayList<>();
    figures.addAll(differences.figures(rows, "rows of status ", "status", "COUNT(*)"));
    figures.addAll(differences.figures(rows, "rows of ", "CAST(time AS DATE)", "COUNT(*)"));
    return new GenerationDiff(figures, List.of(differences.rows(rows)));
  }

  private final class Writer implements GenerationWriter {

    private final int generation;
    private final ErrorRule taken;

    Writer(int generation, ErrorRule taken) {
      this.generation = generation;
      this.taken = taken;
    }

    @Override
    public boolean takes(AccessLog log) {
      return taken.matches(log.status());
    }

    @Override
    public void fold(List<ReceivedLog> logs) {
      table.insert(generation, logs);
      counts.add(generation, logs);
    }

    @Override
    public void forget(int part) {
      // Nothing is kept in memory.
    }
  }
}
