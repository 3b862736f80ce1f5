package io.logfold.query.errorlog;

import io.logfold.api.AccessLog;
import io.logfold.query.fold.GenerationWriter;
import io.logfold.query.fold.LogProjection;
import io.logfold.query.fold.ReceivedLog;
import java.util.List;
import org.springframework.stereotype.Component;

/** One row for each log whose status is in the error rule. */
@Component
class ErrorLogProjection implements LogProjection {

  static final String NAME = "error-log";

  private final ErrorRule rule;
  private final ErrorLogTable table;

  ErrorLogProjection(ErrorLogProperties properties, ErrorLogTable table) {
    this.rule = ErrorRule.parse(properties.statuses());
    this.table = table;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int version() {
    return 1;
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
    }

    @Override
    public void forget(int part) {
      // Nothing is kept in memory.
    }
  }
}
