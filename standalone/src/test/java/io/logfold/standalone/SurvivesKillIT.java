package io.logfold.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.logfold.generator.Generator;
import io.logfold.generator.GeneratorReport;
import io.logfold.generator.GeneratorSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as users run it, killed with -9 while it works. */
class SurvivesKillIT {

  private static final Path JAR = Path.of("target", "logfold.jar").toAbsolutePath();
  private static final long LOGS = 12_000;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void losesNothingAndCountsNothingTwiceWhenItIsKilledWhileItWorks(@TempDir Path folder)
      throws Exception {
    long seed = Long.getLong("kill.seed", System.nanoTime());
    System.out.println("kill.seed " + seed);
    Random random = new Random(seed);
    int writePort = Servers.freePort();
    int readPort = Servers.freePort();
    Path data = folder.resolve("data");
    Process logfold = start(data, writePort, readPort);
    Generator generator =
        Generator.start(
            GeneratorSettings.to(URI.create("http://127.0.0.1:" + writePort))
                .total(LOGS)
                .rate(1_000)
                .streams(4)
                .build());
    try {
      for (int kill = 1; kill <= 2; kill++) {
        long goOnUntil = LOGS * kill / 4 + random.nextInt(1_000);
        await()
            .atMost(Duration.ofMinutes(3))
            .until(() -> generator.report().accepted() >= goOnUntil);
        logfold.destroyForcibly().waitFor();
        logfold = start(data, writePort, readPort);
      }
      generator.await();
      GeneratorReport sent = generator.report();
      assertThat(sent.accepted()).isEqualTo(LOGS);
      await()
          .atMost(Duration.ofMinutes(3))
          .untilAsserted(() -> assertThat(total(readPort)).isEqualTo(LOGS));
      long serverErrors =
          new ObjectMapper()
              .readTree(get(readPort, "/logs?status=500&limit=1"))
              .at("/meta/total")
              .asLong();
      assertThat(serverErrors).isEqualTo(sent.byStatus().get(500));

      logfold.destroy();
      logfold.waitFor();
      logfold = start(data, writePort, readPort);
      assertThat(total(readPort)).isEqualTo(LOGS);
    } finally {
      generator.close();
      logfold.destroyForcibly().waitFor();
    }
  }

  /** Starts the jar and waits until it answers. */
  private Process start(Path data, int writePort, int readPort) throws IOException {
    Path output = Files.createTempFile(Path.of("target"), "logfold", ".log");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-jar",
                JAR.toString(),
                "--data=" + data,
                "--write-port=" + writePort,
                "--read-port=" + readPort,
                "--generate=0")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    await()
        .atMost(Duration.ofMinutes(3))
        .ignoreExceptions()
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("It ended: " + Files.readString(output));
              }
              return get(readPort, "/stats").contains("errors");
            });
    return process;
  }

  private long total(int readPort) throws Exception {
    return new ObjectMapper()
        .readTree(get(readPort, "/stats?type=traffic&range=day"))
        .at("/data/total_request")
        .asLong();
  }

  private String get(int port, String path) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
