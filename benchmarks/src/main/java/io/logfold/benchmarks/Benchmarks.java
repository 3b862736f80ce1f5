package io.logfold.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code java -jar benchmarks.jar}: what is done to the whole pipeline. */
@Command(
    name = "benchmarks",
    mixinStandardHelpOptions = true,
    version = "Logfold 0.1.0",
    description = "Starts the whole pipeline, each part a process of its own, and tries it.",
    subcommands = Pipeline.class)
final class Benchmarks {

  private Benchmarks() {}

  /** Exits with 1 when a count is not what it must be, with 2 when the arguments make no sense. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }
}
