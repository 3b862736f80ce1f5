package io.logfold.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks rebuild}: how fast a read model is built anew, and what readers notice. */
@Command(
    name = "rebuild",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Builds each read model of the log anew, without other load and under it, and asks for"
            + " answers meanwhile. Exits with 1 when an answer fails or goes back, when a count"
            + " differs, or when it is slower than it must be.")
final class Rebuild implements Callable<Integer> {

  private static final String NONE = "0s";

  @Option(names = "--logs", description = "Logs that are on the log before.")
  private long logs = 5_000_000;

  @Option(names = "--rate", description = "Logs a second that come in meanwhile.")
  private int rate = 5_000;

  @Option(names = "--questions", description = "Questions a second.")
  private int questions = 50;

  @Option(
      names = "--idle",
      description = "Seconds of questions without anything else, and as many under load alone.")
  private int idleSeconds = 60;

  @Option(
      names = "--set",
      paramLabel = "SETTING=VALUE",
      description =
          "A setting of the query side, such as logfold.fold.rebuild-threads=2; repeatable.")
  private Map<String, String> settings = Map.of();

  @Option(
      names = "--jvm",
      paramLabel = "FLAG",
      description = "A flag of both sides' JVMs, instead of those of the images; repeatable.")
  private List<String> jvmFlags = List.of();

  @Option(
      names = "--mysql",
      paramLabel = "URL",
      description = "A server to use; without: LOGFOLD_TEST_MYSQL_URL, else a MariaDB of our own.")
  private @Nullable String mysql;

  @Option(names = "--folder", description = "For data and logs; deleted when all has gone well.")
  private Path folder =
      Path.of(Files.isDirectory(Path.of("benchmarks")) ? "benchmarks/target" : "target", "rebuild");

  @Override
  public Integer call() throws Exception {
    Path run = folder.resolve("run-" + ProcessHandle.current().pid());
    System.out.println("Starting; logs of the processes are in " + run.toAbsolutePath());
    RebuildReport report;
    try (Rig rig = Rig.start(settings(run));
        StallWatch stalls = new StallWatch(run)) {
      System.out.println(Machine.of(rig));
      report =
          new RebuildRun(rig, run, rate, questions, stalls)
              .run(logs, Duration.ofSeconds(idleSeconds));
    }
    System.out.println(report.toText());
    if (report.isRight()) {
      FileSystemUtils.deleteRecursively(run);
      return 0;
    }
    return 1;
  }

  private RigSettings settings(Path run) {
    Map<String, String> own = new HashMap<>();
    for (String kept : List.of("logs", "hour", "day", "week")) {
      own.put("logfold.cache." + kept, NONE);
    }
    own.putAll(settings);
    RigSettings.Builder rig = RigSettings.in(run).mysql(mysql).querySettings(own);
    if (!jvmFlags.isEmpty()) {
      rig.jvmFlags(new ArrayList<>(jvmFlags));
    }
    return rig.build();
  }
}
