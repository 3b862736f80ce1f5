package io.logfold.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.query.QuerySideApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what routes and alert rules cost, at a steady rate. */
@Command(
    name = "rules",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Measures the CPU time of a steady load without the rollup of routes, with it, and with"
            + " alert rules on top. Exits with 1 when judging does not keep up.")
final class Rules implements Callable<Integer> {

  /** More minutes behind than windows take to close means that judging does not keep up. */
  private static final double MOST_LAG_SECONDS = 120;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Option(names = "--rules", description = "Alert rules.")
  private int rules = 500;

  @Option(names = "--routes", description = "Routes of the load.")
  private int routes = 1_000;

  @Option(names = "--rate", description = "Logs a second.")
  private int rate = 20_000;

  @Option(names = "--warm-up", description = "Seconds before each measurement.")
  private int warmUpSeconds = 90;

  @Option(names = "--length", description = "Seconds of each measurement.")
  private int seconds = 180;

  @Option(names = "--folder", description = "For data and logs.")
  private Path folder = Path.of("benchmarks", "target", "rules");

  /**
   * What a load cost.
   *
   * @param lagSeconds from the end of the last judged minute; NaN when nothing is judged
   */
  private record Cost(Speed speed, String byProcess, double lagSeconds) {}

  @Override
  public Integer call() throws Exception {
    Cost without = measure("without routes", WithoutRoutes.class, 0);
    Cost withRoutes = measure("with routes", QuerySideApplication.class, 0);
    Cost withRules = measure("with " + rules + " rules", QuerySideApplication.class, rules);
    System.out.printf(
        Locale.ROOT,
        "Routes cost %+.1f %% CPU, %d rules on %d routes %+.1f %% more; judged minutes lag %.0f s%n",
        percentMore(without, withRoutes),
        rules,
        routes,
        percentMore(withRoutes, withRules),
        withRules.lagSeconds());
    return withRules.lagSeconds() <= MOST_LAG_SECONDS ? 0 : 1;
  }

  private static double percentMore(Cost before, Cost after) {
    return (after.speed().cpuPerMillion() / before.speed().cpuPerMillion() - 1) * 100;
  }

  /** A rig of its own each, so that all are equally warm. */
  private Cost measure(String name, Class<?> querySide, int rulesToDefine) throws Exception {
    Path run = folder.resolve("run-" + ProcessHandle.current().pid());
    try (Rig rig = Rig.start(RigSettings.in(run).querySides(0).build())) {
      Rig.Side side = rig.querySide("query-side", querySide);
      side.process().start();
      side.process().awaitReady(PATIENCE);
      for (int rule = 0; rule < rulesToDefine; rule++) {
        define(rig, rule);
      }
      Cost cost = measure(rig, side);
      System.out.printf(
          Locale.ROOT,
          "%s: %,.0f logs/s, %.2f CPU-s a million %s%n",
          name,
          cost.speed().perSecond(),
          cost.speed().cpuPerMillion(),
          cost.byProcess());
      return cost;
    } finally {
      FileSystemUtils.deleteRecursively(run);
    }
  }

  private Cost measure(Rig rig, Rig.Side side) throws Exception {
    try (ManyRoutes load = new ManyRoutes(rig.writeUrl(), routes, rate);
        EventLog log = new EventLog(rig.bootstrapServers(), rig.settings().partitions());
        FoldPositions positions = new FoldPositions(rig.connectToQueryDatabase())) {
      Thread.sleep(Duration.ofSeconds(warmUpSeconds).toMillis());
      CpuTimes before = CpuTimes.of(rig.children());
      long foldedBefore = positions.folded();
      long beganNanos = System.nanoTime();
      Thread.sleep(Duration.ofSeconds(seconds).toMillis());
      long folded = positions.folded() - foldedBefore;
      double took = (System.nanoTime() - beganNanos) / 1e9;
      CpuTimes used = CpuTimes.of(rig.children()).since(before);
      load.sent();
      positions.await(log.records(), PATIENCE);
      return new Cost(
          new Speed(folded, took, used.total()),
          used.perMillion(folded).toString(),
          lagSeconds(rig, side));
    }
  }

  private static double lagSeconds(Rig rig, Rig.Side side) throws InterruptedException {
    try {
      JsonNode lag = rig.http().json(side.url().resolve("/actuator/metrics/logfold.judging.lag"));
      return lag.at("/measurements/0/value").asDouble();
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  /** Of five rules, three watch a route of their own, one a whole source, one each route. */
  private void define(Rig rig, int number) throws IOException, InterruptedException {
    String measure =
        switch (number % 4) {
          case 0 -> "\"SERVER_ERROR_SHARE\", \"opensAt\": 0.6, \"closesAt\": 0.5";
          case 1 -> "\"LATENCY_P99_MILLIS\", \"opensAt\": 900, \"closesAt\": 800";
          case 2 -> "\"STATUS_COUNT\", \"status\": 503, \"opensAt\": 10, \"closesAt\": 5";
          default -> "\"ERROR_SHARE\", \"opensAt\": 0.9, \"closesAt\": 0.8";
        };
    String scope =
        switch (number % 5) {
          case 0 -> "{\"source\": \"shop\"}";
          case 1 -> "{\"source\": \"shop\", \"route\": \"*\"}";
          default ->
              "{\"source\": \"shop\", \"route\": \"%s\"}"
                  .formatted(ManyRoutes.template(number * 7 % routes));
        };
    String rule =
        """
        {"id": "rule-%d", "name": "Rule %d", "scope": %s, "measure": %s, "windowMinutes": %d,
         "minimumRequests": 10, "opensAfterMinutes": 1, "closesAfterMinutes": 1, "tell": []}
        """
            .formatted(number, number, scope, measure, number % 3 == 0 ? 1 : 5);
    URI url = rig.commandSides().get(0).url().resolve("/alert-rules");
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(url)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(rule))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IOException(
          "A rule was refused with " + answer.statusCode() + ": " + answer.body());
    }
  }
}
