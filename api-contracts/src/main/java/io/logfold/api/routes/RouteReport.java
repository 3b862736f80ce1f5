package io.logfold.api.routes;

import java.time.Instant;
import java.util.List;

/**
 * The answer to {@link FindRoutes}.
 *
 * @param routes those with most requests, most first
 * @param total routes that had requests, answered or not
 * @param asOf when the answer was read from the database
 */
public record RouteReport(List<Route> routes, int total, Instant asOf) {

  /**
   * The requests of a source, route and method. Latency is in microseconds, within 1 % of the exact
   * value.
   *
   * @param source who logged them
   * @param route their path's template such as {@code /users/{id}}, or {@code (other)} for the
   *     routes beyond the cap
   * @param method HTTP method
   * @param requests how many
   * @param failures how many of them were answered 5xx
   * @param errorShare how many of them were answered 4xx or 5xx, as a share: 0 to 1
   */
  public record Route(
      String source,
      String route,
      String method,
      long requests,
      long failures,
      double errorShare,
      long p50Micros,
      long p95Micros,
      long p99Micros) {}
}
