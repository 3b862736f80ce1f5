package io.logfold.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks faults}: does it still count right when everything is killed now and then? */
@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Loads the pipeline, kills, freezes and cuts off its processes meanwhile, and compares"
            + " every count with what was acknowledged. Exits with 1 when one differs.")
final class Faults implements Callable<Integer> {

  /** A JVM that is killed every minute never gets to profit from the optimising compiler. */
  static final List<String> JVM_FLAGS =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final String SOON = "100ms";

  /** So that a run of a given number of logs leaves the processes time to come back. */
  private static final int SECONDS_A_FAULT = 6;

  @Option(names = "--logs", description = "How many logs are sent at least.")
  private long logs = 200_000;

  @Option(names = "--kills", description = "How many faults are done, kills and others.")
  private int kills = 20;

  @Option(
      names = "--seed",
      description = "Decides about the faults and the logs; random if left out.")
  private long seed = System.nanoTime();

  @Option(names = "--rate", description = "Logs a second; 0: as many as last for all faults.")
  private double rate;

  @Option(names = "--command-sides", description = "How many command sides.")
  private int commandSides = 1;

  @Option(names = "--query-sides", description = "How many query sides, on one database.")
  private int querySides = 2;

  @Option(names = "--freeze", description = "How many seconds a frozen process stays so.")
  private int freezeSeconds = 20;

  @Option(
      names = "--away",
      description = "How many seconds a query side stays away to be replaced.")
  private int awaySeconds = 20;

  @Option(
      names = "--mysql",
      description =
          "A server to use instead of a MariaDB of our own, such as"
              + " jdbc:mysql://root@127.0.0.1:3306/; it is not killed.")
  private @Nullable String mysql;

  @Option(
      names = "--folder",
      description = "For data and logs; made anew. Kept when a count differs.")
  private @Nullable Path folder;

  @Override
  public Integer call() throws Exception {
    Path data = folder == null ? defaultFolder() : folder;
    System.out.printf("seed %d, in %s%n", seed, data);
    FaultResult result = run(data, settings());
    System.out.print(result.toText());
    if (result.isRight()) {
      FileSystemUtils.deleteRecursively(data);
      return 0;
    }
    System.out.printf("The processes' logs and data are in %s%n", data);
    return 1;
  }

  private FaultResult run(Path data, FaultSettings faults) throws Exception {
    refuseToMix(data);
    try (Rig rig = Rig.start(rig(data))) {
      System.out.println("everything runs");
      return new FaultRun(rig, faults, System.out::println).run();
    }
  }

  private FaultSettings settings() {
    return new FaultSettings(
        logs,
        kills,
        seed,
        rate > 0 ? rate : Math.max(100, (double) logs / Math.max(1, kills) / SECONDS_A_FAULT),
        Duration.ofSeconds(freezeSeconds),
        Duration.ofSeconds(awaySeconds));
  }

  private RigSettings rig(Path data) {
    return RigSettings.in(data)
        .mysql(mysql)
        .commandSides(commandSides)
        .querySides(querySides)
        .jvmFlags(JVM_FLAGS)
        .relayed()
        .querySettings(
            Map.of(
                "logfold.cache.hour", SOON, "logfold.cache.day", SOON, "logfold.cache.week", SOON))
        .build();
  }

  private Path defaultFolder() {
    Path target =
        Path.of(Files.isDirectory(Path.of("benchmarks")) ? "benchmarks/target" : "target");
    return target.resolve("rig").resolve("faults-" + ProcessHandle.current().pid() + "-" + seed);
  }

  private static void refuseToMix(Path folder) throws IOException {
    if (Files.exists(folder)) {
      throw new IOException(folder + " exists already: delete it, or choose another folder.");
    }
  }
}
