package io.logfold.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.query.QuerySideApplication;
import java.io.IOException;
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
            + " alert rules on top; with it before and after the rules, on the same processes."
            + " Exits with 1 when judging does not keep up.")
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

  private final HttpClient client = HttpClient.newHttpClient();

  /** What a load cost, in CPU-seconds a million logs. */
  private record Cost(double cpuPerMillion) {}

  /**
   * What a load cost without rules, with them, and without them again.
   *
   * @param lagSeconds from the end of the last judged minute
   */
  private record Costs(Cost before, Cost with, Cost after, double lagSeconds) {}

  @Override
  public Integer call() throws Exception {
    Cost without = onItsOwn("without routes", WithoutRoutes.class, this::measure);
    Costs costs = onItsOwn("with routes", QuerySideApplication.class, this::measureRules);
    System.out.printf(
        Locale.ROOT,
        "Routes cost %+.1f %% CPU, %d rules on %d routes %+.1f %% more; judged minutes lag %.0f s%n",
        percentMore(without.cpuPerMillion(), costs.before().cpuPerMillion()),
        rules,
        routes,
        percentMore(
            (costs.before().cpuPerMillion() + costs.after().cpuPerMillion()) / 2,
            costs.with().cpuPerMillion()),
        costs.lagSeconds());
    return costs.lagSeconds() <= MOST_LAG_SECONDS ? 0 : 1;
  }

  private static double percentMore(double before, double after) {
    return (after / before - 1) * 100;
  }

  /** What is measured of a load. */
  private interface Measurement<M> {
    M of(Run run) throws Exception;
  }

  /** A rig of its own each, so that both are equally warm. */
  private <M> M onItsOwn(String name, Class<?> querySide, Measurement<M> measurement)
      throws Exception {
    Path run = folder.resolve("run-" + ProcessHandle.current().pid());
    try (Rig rig = Rig.start(RigSettings.in(run).querySides(0).build())) {
      Rig.Side side = rig.querySide("query-side", querySide);
      side.process().start();
      side.process().awaitReady(PATIENCE);
      try (ManyRoutes load = new ManyRoutes(rig.writeUrl(), routes, rate);
          EventLog log = new EventLog(rig.bootstrapServers(), rig.settings().partitions());
          FoldPositions positions = new FoldPositions(rig.connectToQueryDatabase())) {
        M measured = measurement.of(new Run(name, rig, side, positions));
        load.sent();
        positions.await(log.records(), PATIENCE);
        return measured;
      }
    } finally {
      FileSystemUtils.deleteRecursively(run);
    }
  }

  /** A load that goes on. */
  private record Run(String name, Rig rig, Rig.Side side, FoldPositions positions) {}

  /** Machines and JVMs change as they go: so the load without rules is measured on both sides. */
  private Costs measureRules(Run run) throws Exception {
    Cost before = measure(run);
    for (int rule = 0; rule < rules; rule++) {
      define(run.rig(), rule);
    }
    Cost with =
        measure(new Run("with " + rules + " rules", run.rig(), run.side(), run.positions()));
    double lagSeconds = lagSeconds(run.rig(), run.side());
    for (int rule = 0; rule < rules; rule++) {
      post(run.rig(), "/alert-rules/" + id(rule) + "/pause", "");
    }
    return new Costs(before, with, measure(run), lagSeconds);
  }

  private Cost measure(Run run) throws Exception {
    Thread.sleep(Duration.ofSeconds(warmUpSeconds).toMillis());
    CpuTimes before = CpuTimes.of(run.rig().children());
    long foldedBefore = run.positions().folded();
    long beganNanos = System.nanoTime();
    Thread.sleep(Duration.ofSeconds(seconds).toMillis());
    long folded = run.positions().folded() - foldedBefore;
    double took = (System.nanoTime() - beganNanos) / 1e9;
    CpuTimes used = CpuTimes.of(run.rig().children()).since(before);
    Speed speed = new Speed(folded, took, used.total());
    System.out.printf(
        Locale.ROOT,
        "%s: %,.0f logs/s, %.2f CPU-s a million %s%n",
        run.name(),
        speed.perSecond(),
        speed.cpuPerMillion(),
        used.perMillion(folded));
    return new Cost(speed.cpuPerMillion());
  }

  private static double lagSeconds(Rig rig, Rig.Side side) throws Exception {
    JsonNode lag = rig.http().json(side.url().resolve("/actuator/metrics/logfold.judging.lag"));
    return lag.at("/measurements/0/value").asDouble();
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
        {"id": "%s", "name": "Rule %d", "scope": %s, "measure": %s, "windowMinutes": %d,
         "minimumRequests": 10, "opensAfterMinutes": 1, "closesAfterMinutes": 1, "tell": []}
        """
            .formatted(id(number), number, scope, measure, number % 3 == 0 ? 1 : 5);
    post(rig, "/alert-rules", rule);
  }

  private static String id(int number) {
    return "rule-" + number;
  }

  private void post(Rig rig, String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(rig.commandSides().get(0).url().resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(
          "%s was answered %d: %s".formatted(path, answer.statusCode(), answer.body()));
    }
  }
}
