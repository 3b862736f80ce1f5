package io.logfold.standalone;

import io.logfold.generator.Generator;
import io.logfold.generator.GeneratorSettings;
import io.logfold.query.replay.ReplayCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code java -jar logfold.jar}: the pipeline on embedded servers, with traffic to look at. */
@Command(
    name = "logfold",
    mixinStandardHelpOptions = true,
    version = "Logfold 0.1.0",
    showDefaultValues = true,
    description =
        "Takes in HTTP access logs, keeps every one as an event, and folds them into answers.")
final class Logfold implements Callable<Integer> {

  @Option(names = "--data", description = "Folder that holds everything.")
  private Path data = Path.of("logfold-data");

  @Option(names = "--write-port", description = "Where logs are taken in.")
  private int writePort = 8080;

  @Option(names = "--read-port", description = "Where questions are answered.")
  private int readPort = 8081;

  @Option(
      names = "--generate",
      paramLabel = "LOGS_PER_SECOND",
      description = "Traffic to generate; 0 = none.")
  private int generate = 100;

  /** Starts and runs until it is told to stop. */
  public static void main(String[] args) {
    // Two applications would each begin the process's one log anew; logback.xml says how it is.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    System.setProperty("disable-axoniq-console-message", "true");
    System.setProperty("axoniq.update-checker.disabled", "true");
    int status =
        args.length > 0 && args[0].equals("replay")
            ? ReplayCommand.run(List.of(args).subList(1, args.length))
            : new CommandLine(new Logfold()).execute(args);
    if (status != 0) {
      System.exit(status);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    try {
      Standalone logfold = Standalone.start(data, writePort, readPort);
      Generator traffic = traffic(logfold.writePort());
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    if (traffic != null) {
                      traffic.close();
                    }
                    logfold.close();
                    stopped.countDown();
                  },
                  "logfold-stop"));
      System.out.println(banner(logfold));
    } catch (IOException | RuntimeException e) {
      System.err.println("Logfold did not start: " + reason(e));
      return 1;
    }
    stopped.await();
    return 0;
  }

  private @Nullable Generator traffic(int port) {
    if (generate == 0) {
      return null;
    }
    return Generator.start(
        GeneratorSettings.to(URI.create("http://127.0.0.1:" + port))
            .rate(generate)
            .batch(Math.min(100, Math.max(1, generate / 4)))
            .token(System.getenv("LOGFOLD_TOKEN"))
            .build());
  }

  private String banner(Standalone logfold) {
    String read = "http://127.0.0.1:" + logfold.readPort();
    return """

        Logfold runs, on this machine only (127.0.0.1).
          takes in logs   http://127.0.0.1:%d/logs   (also /upload)
          answers         %s
          event log       Kafka on %s
          data            %s
          traffic         %s

        Open first:
          %s/stats?type=traffic&range=hour
          %s/stats?type=latency&range=hour
          %s/logs?status=500&limit=5

        Build a read model anew while it answers:
          java -jar logfold.jar replay stats

        Stop with Ctrl-C; everything is still there at the next start.
        """
        .formatted(
            logfold.writePort(),
            read,
            logfold.kafka(),
            data.toAbsolutePath().normalize(),
            generate == 0 ? "none (--generate=0)" : generate + " generated logs a second",
            read,
            read,
            read);
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
