package io.logfold.query.routes;

/** Counts every request into the minute of its own time, by route. */
final class RouteProjection {

  static final String NAME = "routes";

  private RouteProjection() {}
}
