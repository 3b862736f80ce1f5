package io.logfold.benchmarks;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logfold.generator.GeneratorMain;
import io.logfold.generator.GeneratorReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The project's own generator as a process of its own, so that its CPU time is nobody else's: 100
 * logs a request as JSON, 70 % of status 200, 20 % of 404, 10 % of 500.
 */
final class LoadGenerator {

  /** Logs a request. */
  static final int BATCH = 100;

  /** The report says some things that follow from the others. */
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC");

  private final Path folder;
  private final int streams;

  /**
   * @param folder for its reports
   * @param streams requests in flight
   */
  LoadGenerator(Path folder, int streams) {
    this.folder = folder;
    this.streams = streams;
  }

  /**
   * What a run sent.
   *
   * @param books the generator's own report
   * @param firstPostNanos when the first request began, on this process's {@link System#nanoTime}
   */
  record Sent(GeneratorReport books, long firstPostNanos) {

    Sent {
      if (!books.isAllAccepted() || books.accepted() == 0) {
        throw new IllegalStateException("Not every log was accepted:\n" + books.toText());
      }
    }

    /** Logs of error statuses: each is a row. */
    long errors() {
      return books.byStatus().entrySet().stream()
          .filter(status -> status.getKey() >= 400)
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
  }

  /** Sends so many logs as fast as the target answers. */
  Sent atFullSpeed(URI target, long logs) throws IOException, InterruptedException {
    return run(target, List.of("--rate=0", "--total=" + logs));
  }

  /** Sends as fast as the target answers, for so long. */
  Sent forSoLong(URI target, Duration length) throws IOException, InterruptedException {
    return run(target, List.of("--rate=0", "--duration=" + length.toSeconds() + "s"));
  }

  /**
   * Sends so many logs at a steady rate.
   *
   * @param rate logs a second
   */
  Sent steadily(URI target, long logs, int rate) throws IOException, InterruptedException {
    return run(target, List.of("--rate=" + rate, "--total=" + logs));
  }

  private Sent run(URI target, List<String> amount) throws IOException, InterruptedException {
    Path report = Files.createTempFile(folder, "generator", ".json");
    List<String> arguments = new ArrayList<>(amount);
    arguments.add("--target=" + target);
    arguments.add("--format=json");
    arguments.add("--batch=" + BATCH);
    arguments.add("--streams=" + streams);
    arguments.add("--client-errors=0.2");
    arguments.add("--server-errors=0.1");
    arguments.add("--report=" + report);
    Process process =
        new ProcessBuilder(Jvm.command(GeneratorMain.class, FLAGS, arguments))
            .redirectErrorStream(true)
            .start();
    try {
      long firstPostNanos = follow(process);
      process.waitFor();
      return new Sent(JSON.readValue(report.toFile(), GeneratorReport.class), firstPostNanos);
    } finally {
      process.destroy();
    }
  }

  /** Passes its progress on until it ends; it says where it posts to as it begins. */
  private static long follow(Process process) throws IOException {
    long firstPostNanos = System.nanoTime();
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.contains("posting")) {
          firstPostNanos = System.nanoTime();
        } else if (line.contains(" s: sent")) {
          System.out.println("    " + line);
        }
      }
    }
    return firstPostNanos;
  }
}
