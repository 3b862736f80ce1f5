package io.logfold.query.judging;

import io.logfold.api.alerts.Scope;
import io.logfold.query.routes.RouteKey;
import org.jspecify.annotations.Nullable;

/**
 * A rule's scope, whose fields may be {@code *}, as a question to single scopes.
 *
 * @param scope as the rule has it
 */
record ScopePattern(Scope scope) {

  private static final int SOURCE = 1;
  private static final int ROUTE = 2;
  private static final int METHOD = 4;

  /** Whether it stands for several scopes. */
  boolean isEach() {
    return isEach(scope.source()) || isEach(scope.route()) || isEach(scope.method());
  }

  /** Which fields tell its scopes apart; scopes of the same fields are found by one look. */
  int fields() {
    return fields(scope);
  }

  boolean matches(Scope found) {
    return fields(found) == fields()
        && matches(scope.source(), found.source())
        && matches(scope.route(), found.route())
        && matches(scope.method(), found.method());
  }

  /** What must be so in each row, or null. */
  static @Nullable String only(@Nullable String field) {
    return isEach(field) ? null : field;
  }

  /** The scope of a row, of some of its fields. */
  static Scope scopeOf(RouteKey key, int fields) {
    return new Scope(
        (fields & SOURCE) == 0 ? null : key.source(),
        (fields & ROUTE) == 0 ? null : key.route(),
        (fields & METHOD) == 0 ? null : key.method());
  }

  /** Whether a scope holds a row. */
  static boolean holds(Scope scope, RouteKey key) {
    return (scope.source() == null || scope.source().equals(key.source()))
        && (scope.route() == null || scope.route().equals(key.route()))
        && (scope.method() == null || scope.method().equals(key.method()));
  }

  private static int fields(Scope scope) {
    return (scope.source() == null ? 0 : SOURCE)
        | (scope.route() == null ? 0 : ROUTE)
        | (scope.method() == null ? 0 : METHOD);
  }

  private static boolean isEach(@Nullable String field) {
    return Scope.EACH.equals(field);
  }

  private static boolean matches(@Nullable String wanted, @Nullable String found) {
    return wanted == null || isEach(wanted) || wanted.equals(found);
  }
}
