package io.logfold.query.errorlog;

import io.logfold.api.AccessLog;
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

  ErrorLogProjection(ErrorRule rule, ErrorLogTable table) {
    this.rule = rule;
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
  public boolean takes(AccessLog log) {
    return rule.matches(log.status());
  }

  @Override
  public void fold(int generation, List<ReceivedLog> logs) {
    table.insert(generation, logs);
  }

  @Override
  public void forget(int part) {
    // Nothing is kept in memory.
  }

  @Override
  public void clear(int generation) {
    table.clear(generation);
  }
}
