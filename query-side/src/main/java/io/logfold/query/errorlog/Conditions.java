package io.logfold.query.errorlog;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a query, of which all must hold, and their values. */
final class Conditions {

  private final List<String> conditions = new ArrayList<>();
  private final List<Object> arguments = new ArrayList<>();

  private Conditions() {}

  static Conditions none() {
    return new Conditions();
  }

  static Conditions of(int generation) {
    return none().and("generation = ?", generation);
  }

  /**
   * And another one.
   *
   * @param condition of one value
   * @param argument the value, or null to leave the condition out
   */
  Conditions and(String condition, @Nullable Object argument) {
    if (argument != null) {
      conditions.add(condition);
      arguments.add(
          argument instanceof Instant time ? LocalDateTime.ofInstant(time, UTC) : argument);
    }
    return this;
  }

  /** Begins with the word, unless there are none. */
  String where() {
    return conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
  }

  List<Object> arguments() {
    return arguments;
  }
}
