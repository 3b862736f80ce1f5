package io.logfold.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code java -jar benchmarks.jar}: what is done to the whole pipeline. */
@Command(
    name = "benchmarks",
    mixinStandardHelpOptions = true,
    version = "Logfold 0.1.0",
    description = "Starts the whole pipeline, each part a process of its own, and tries it.",
    footer = "%n  jmh [REGEX]  measures the hot parts alone; jmh -h lists JMH's options",
    subcommands = {
      Faults.class,
      Pipeline.class,
      Rebuild.class,
      RebuildFaults.class,
      Rules.class,
      Soak.class
    })
final class Benchmarks {

  private Benchmarks() {}

  /** Exits with 1 when a count is not what it must be, with 2 when the arguments make no sense. */
  public static void main(String[] args) throws IOException {
    if (args.length > 0 && args[0].equals("jmh")) {
      Jmh.run(Arrays.copyOfRange(args, 1, args.length));
      return;
    }
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }
}
