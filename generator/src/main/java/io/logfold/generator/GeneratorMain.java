package io.logfold.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** {@code java -jar generator.jar --help} tells the rest. */
public final class GeneratorMain {

  private static final Duration AT_A_TERMINAL = Duration.ofSeconds(1);
  private static final Duration IN_A_LOG = Duration.ofSeconds(10);
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private GeneratorMain() {}

  /** Runs the command line and exits with its status. */
  public static void main(String[] args) {
    Duration progressEvery = isTerminal() ? AT_A_TERMINAL : IN_A_LOG;
    Environment environment = new Environment(System.getenv());
    System.exit(GeneratorCommand.commandLine(environment, progressEvery).execute(args));
  }

  /**
   * Whether standard error is one. {@code System.console()} is about standard input and output, and
   * on newer Java it is never null; where there is no {@code /proc} the answer is no.
   */
  private static boolean isTerminal() {
    try {
      String device = Files.readSymbolicLink(STANDARD_ERROR).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
