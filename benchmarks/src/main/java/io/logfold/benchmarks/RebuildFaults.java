package io.logfold.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks rebuild-faults}: does a rebuild end well when it is killed now and then? */
@Command(
    name = "rebuild-faults",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Loads the pipeline, builds its read models anew, switches to them and back, kills its"
            + " processes meanwhile, and compares the generations with each other and every count"
            + " with what was acknowledged. Exits with 1 when one differs.")
final class RebuildFaults implements Callable<Integer> {

  private static final String SOON = "100ms";

  @Option(
      names = "--logs",
      description = "How many logs are sent at least, half of them before anything is killed.")
  private long logs = 100_000;

  @Option(names = "--kills", description = "How many processes are killed.")
  private int kills = 20;

  @Option(
      names = "--seed",
      description = "Decides about the kills, the rebuilds and the logs; random if left out.")
  private long seed = System.nanoTime();

  @Option(names = "--rate", description = "Logs a second.")
  private double rate = 2_000;

  @Option(names = "--query-sides", description = "How many query sides, on one database.")
  private int querySides = 2;

  @Option(
      names = "--mysql",
      description =
          "A server to use instead of a MariaDB of our own, such as"
              + " jdbc:mysql://root@127.0.0.1:3306/; it is not killed.")
  private @Nullable String mysql;

  @Option(names = "--folder", description = "For data and logs. Kept when a count differs.")
  private @Nullable Path folder;

  @Override
  public Integer call() throws Exception {
    Path data = folder == null ? defaultFolder() : folder;
    System.out.printf("seed %d, in %s%n", seed, data);
    FaultResult result = run(data);
    System.out.print(result.toText());
    if (result.isRight()) {
      FileSystemUtils.deleteRecursively(data);
      return 0;
    }
    System.out.printf("The processes' logs and data are in %s%n", data);
    return 1;
  }

  private FaultResult run(Path data) throws Exception {
    FaultSettings settings =
        new FaultSettings(logs, kills, seed, rate, Duration.ZERO, Duration.ZERO);
    try (Rig rig = Rig.start(rig(data))) {
      System.out.println("everything runs");
      return new RebuildFaultRun(rig, settings, System.out::println).run();
    }
  }

  private RigSettings rig(Path data) {
    return RigSettings.in(data)
        .mysql(mysql)
        .querySides(querySides)
        .jvmFlags(Faults.JVM_FLAGS)
        .querySettings(
            Map.of(
                "logfold.cache.hour", SOON, "logfold.cache.day", SOON, "logfold.cache.week", SOON))
        .build();
  }

  private Path defaultFolder() {
    Path target =
        Path.of(Files.isDirectory(Path.of("benchmarks")) ? "benchmarks/target" : "target");
    return target.resolve("rig").resolve("rebuild-" + ProcessHandle.current().pid() + "-" + seed);
  }
}
