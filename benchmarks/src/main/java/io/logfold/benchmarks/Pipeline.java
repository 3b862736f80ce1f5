package io.logfold.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the whole pipeline beside the limits of the machine it runs on. */
@Command(
    name = "pipeline",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Measures the whole pipeline, beside what the machine can do at most. Exits with 1 when a"
            + " log is lost or doubled.")
final class Pipeline implements Callable<Integer> {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT);

  @Option(names = "--logs", description = "Logs that are measured.")
  private long logs = 6_000_000;

  @Option(names = "--warm-up", description = "Logs before that, until most is compiled.")
  private long warmUp = 10_000_000;

  @Option(
      names = "--mysql",
      paramLabel = "URL",
      description =
          "A server to use, such as jdbc:mysql://root@127.0.0.1:3306/; its CPU time is then not"
              + " counted. Without: LOGFOLD_TEST_MYSQL_URL, else a MariaDB of our own.")
  private @Nullable String mysql;

  @Option(names = "--partitions", description = "Partitions of the log.")
  private int partitions = 4;

  @Option(names = "--segments", description = "Segments of the fold.")
  private int segments = 4;

  @Option(names = "--streams", description = "Requests in flight.")
  private int streams = 8;

  @Option(
      names = "--jvm",
      paramLabel = "FLAG",
      description =
          "A flag of both sides' JVMs, instead of -Xmx256m and those of the images; repeatable.")
  private List<String> jvmFlags = List.of();

  @Option(names = "--skip-limits", description = "Leaves the limits of the machine out.")
  private boolean skipLimits;

  @Option(
      names = "--folder",
      description = "For data and logs; a run's data is deleted when it has gone well.")
  private @Nullable Path folder;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Path home = folder == null ? target().resolve("pipeline") : folder;
    Path run = home.resolve("run-" + ProcessHandle.current().pid());
    PipelineReport report = measure(run);
    FileSystemUtils.deleteRecursively(run);
    Path file = target().resolve("pipeline.json");
    JSON.writeValue(file.toFile(), report);
    System.out.printf("%n%s%nWritten to %s%n", Figures.table(report), file.toAbsolutePath());
    return report.load().books().balance() ? 0 : 1;
  }

  private PipelineReport measure(Path run) throws Exception {
    RigSettings.Builder settings =
        RigSettings.in(run).mysql(mysql).partitions(partitions).segments(segments);
    if (!jvmFlags.isEmpty()) {
      settings.jvmFlags(jvmFlags);
    }
    System.out.println("Starting; logs of the processes are in " + run.toAbsolutePath());
    try (Rig rig = Rig.start(settings.build());
        PipelineRun phases = new PipelineRun(rig, run, streams)) {
      return phases.run(warmUp, logs, !skipLimits, commandLine());
    }
  }

  private String commandLine() {
    return spec == null ? "" : String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }

  /** Where the build puts things, or beside the program when it was taken elsewhere. */
  private static Path target() throws IOException {
    Path target = Path.of("benchmarks", "target");
    return Files.isDirectory(target) ? target : besideTheProgram();
  }

  private static Path besideTheProgram() {
    Path program = Path.of(System.getProperty("java.class.path").split(":", 2)[0]);
    Path parent = program.toAbsolutePath().getParent();
    return parent == null ? Path.of("") : parent;
  }
}
