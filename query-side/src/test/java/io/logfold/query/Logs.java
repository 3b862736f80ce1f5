package io.logfold.query;

import io.logfold.api.AccessLog;
import java.time.Instant;
import java.util.Random;

/** Access logs to test with. */
public final class Logs {

  /** When the tests play. */
  public static final Instant NOW = Instant.parse("2025-06-10T10:41:40Z");

  private Logs() {}

  public static AccessLog ok(String path) {
    return log(NOW, "10.0.0.1", "GET", path, 200, 5_000);
  }

  public static AccessLog notFound(String path) {
    return log(NOW, "10.0.0.2", "GET", path, 404, 1_000);
  }

  public static AccessLog serverError(String path) {
    return log(NOW, "184.116.4.244", "POST", path, 500, 971_000);
  }

  public static AccessLog at(Instant time, AccessLog log) {
    return log(time, log.ip(), log.method(), log.path(), log.status(), log.latencyMicros());
  }

  public static AccessLog from(String ip, AccessLog log) {
    return log(log.time(), ip, log.method(), log.path(), log.status(), log.latencyMicros());
  }

  public static AccessLog taking(long latencyMicros, AccessLog log) {
    return log(log.time(), log.ip(), log.method(), log.path(), log.status(), latencyMicros);
  }

  public static AccessLog answered(int status, AccessLog log) {
    return log(log.time(), log.ip(), log.method(), log.path(), status, log.latencyMicros());
  }

  public static AccessLog using(String method, AccessLog log) {
    return log(log.time(), log.ip(), method, log.path(), log.status(), log.latencyMicros());
  }

  /** The same numbers in every run, unless {@code -Dlogfold.test.seed} says otherwise. */
  public static Random random() {
    long seed = Long.getLong("logfold.test.seed", 20250610L);
    System.out.println("Random logs of -Dlogfold.test.seed=" + seed);
    return new Random(seed);
  }

  /** Another address for each number. */
  public static String ip(int number) {
    return "10." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
  }

  /** As a sender logs it that knows the path's template. */
  public static AccessLog routed(String route, AccessLog log) {
    return new AccessLog(
        log.time(),
        log.ip(),
        log.method(),
        log.path(),
        log.status(),
        log.latencyMicros(),
        log.source(),
        null,
        null,
        null,
        null,
        null,
        route,
        null);
  }

  public static AccessLog of(String source, AccessLog log) {
    return new AccessLog(
        log.time(),
        log.ip(),
        log.method(),
        log.path(),
        log.status(),
        log.latencyMicros(),
        source,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static AccessLog log(
      Instant time, String ip, String method, String path, int status, long latencyMicros) {
    return of(
        "default",
        new AccessLog(
            time,
            ip,
            method,
            path,
            status,
            latencyMicros,
            "",
            null,
            null,
            null,
            null,
            null,
            null,
            null));
  }
}
