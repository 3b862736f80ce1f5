package io.logfold.generator;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A method and a path, or a family of paths such as {@code /users/123}.
 *
 * @param weight its share of the traffic, compared with the other routes'
 * @param path the path, or what comes before the number
 * @param ids how many numbers may follow the path; 0 when the path is whole
 * @param logMedian natural logarithm of the median latency in microseconds
 * @param sigma spread of the log-normal latency: 0.5 is steady, 1 has a long tail
 * @param suffersOutage whether an outage makes this route fail and slow
 */
record Route(
    double weight,
    String method,
    String path,
    int ids,
    double logMedian,
    double sigma,
    boolean suffersOutage) {

  /** Latencies end here: what is slower was cut off by a proxy. It bounds the books' memory. */
  static final int MAX_LATENCY_MICROS = 10_000_000;

  /** The seed's methods and paths, and some of a shop with numbers in their paths. */
  static final List<Route> ALL =
      List.of(
          route(18, "GET", "/", 0, 9, 0.5),
          route(10, "GET", "/home", 0, 14, 0.5),
          route(12, "GET", "/products", 0, 40, 0.6),
          route(16, "GET", "/products/", 5_000, 22, 0.6),
          route(1, "POST", "/products", 0, 55, 0.6),
          route(0.5, "PUT", "/products/", 5_000, 60, 0.6),
          route(8, "GET", "/api/user", 0, 18, 0.5),
          route(1.5, "PATCH", "/api/user", 0, 35, 0.5),
          route(7, "GET", "/users/", 20_000, 20, 0.5),
          route(1, "PUT", "/users/", 20_000, 45, 0.6),
          route(0.4, "DELETE", "/users/", 20_000, 50, 0.6),
          route(5, "POST", "/api/logs", 0, 6, 0.7),
          route(6, "POST", "/auth/login", 0, 95, 0.4),
          route(5, "GET", "/health", 0, 1, 0.4),
          outageProne(4, "POST", "/api/payment", 0, 210, 0.7),
          outageProne(2, "GET", "/api/payment", 0, 60, 0.6),
          outageProne(2, "POST", "/orders", 0, 120, 0.8),
          outageProne(3, "GET", "/orders/", 50_000, 30, 0.7));

  private static final double LOG_OUTAGE_SLOWDOWN = Math.log(12);
  private static final double LOG_ERROR_SLOWDOWN = Math.log(2);

  /** A latency in microseconds; answers that fail are slower, and all are during an outage. */
  int latencyMicros(SplittableRandom random, boolean failed, boolean outage) {
    double log = logMedian + sigma * random.nextGaussian();
    if (failed) {
      log += LOG_ERROR_SLOWDOWN;
    }
    if (outage) {
      log += LOG_OUTAGE_SLOWDOWN;
    }
    return (int) Math.min(MAX_LATENCY_MICROS, Math.exp(log));
  }

  /** A number for the path, the low ones far more often; 0 when the path is whole. */
  int id(SplittableRandom random) {
    if (ids == 0) {
      return 0;
    }
    double u = random.nextDouble();
    return 1 + (int) (ids * u * u * u);
  }

  private static Route route(
      double weight, String method, String path, int ids, double medianMillis, double sigma) {
    return new Route(weight, method, path, ids, Math.log(medianMillis * 1000), sigma, false);
  }

  private static Route outageProne(
      double weight, String method, String path, int ids, double medianMillis, double sigma) {
    return new Route(weight, method, path, ids, Math.log(medianMillis * 1000), sigma, true);
  }
}
