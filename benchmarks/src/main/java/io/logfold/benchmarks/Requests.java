package io.logfold.benchmarks;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.LogReceived;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** A request of 100 logs such as the generator makes them; always the same ones. */
public final class Requests {

  /** Logs of a request. */
  public static final int SIZE = 100;

  private static final Instant TIME = Instant.parse("2026-11-23T14:21:26.123Z");
  private static final String[] PATHS = {"/", "/home", "/products/", "/users/", "/orders/"};

  private Requests() {}

  /** The logs. */
  public static List<AccessLog> logs() {
    SplittableRandom random = new SplittableRandom(1);
    List<AccessLog> logs = new ArrayList<>(SIZE);
    for (int i = 0; i < SIZE; i++) {
      logs.add(log(random));
    }
    return logs;
  }

  /** The events that they become. */
  public static List<LogReceived> events() {
    List<LogReceived> events = new ArrayList<>(SIZE);
    for (AccessLog log : logs()) {
      events.add(new LogReceived("web-1/42", events.size() + 1, "b9d1f06e2c47a385", log));
    }
    return events;
  }

  /** The request's body as a JSON array. */
  public static byte[] json() {
    return logs().stream()
        .map(
            log ->
                "{\"time\":\"%s\",\"ip\":\"%s\",\"method\":\"%s\",\"path\":\"%s\",\"status\":%d,\"latencyMicros\":%d,\"bytes\":%d}"
                    .formatted(
                        log.time(),
                        log.ip(),
                        log.method(),
                        log.path(),
                        log.status(),
                        log.latencyMicros(),
                        log.bytes()))
        .collect(Collectors.joining(",", "[", "]"))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The request's body as lines of the combined format. */
  public static byte[] text() {
    return logs().stream()
        .map(
            log ->
                "%s - - [23/Nov/2026:14:21:26 +0000] \"%s %s HTTP/1.1\" %d %d \"-\" \"curl/8.5.0\""
                    .formatted(log.ip(), log.method(), log.path(), log.status(), log.bytes()))
        .collect(Collectors.joining("\n"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static AccessLog log(SplittableRandom random) {
    int share = random.nextInt(10);
    return new AccessLog(
        TIME,
        "10.%d.%d.%d".formatted(random.nextInt(4), random.nextInt(256), random.nextInt(256)),
        random.nextInt(4) == 0 ? "POST" : "GET",
        PATHS[random.nextInt(PATHS.length)] + random.nextInt(5_000),
        share == 0 ? 500 : share < 3 ? 404 : 200,
        (long) Math.exp(10 + random.nextDouble() * 2),
        "default",
        60L + random.nextInt(20_000),
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
