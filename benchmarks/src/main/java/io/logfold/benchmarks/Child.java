package io.logfold.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process of ours that can be killed, frozen and started again, always with the same command. Its
 * CPU time and its memory are those of all its lives. Thread-safe.
 */
final class Child {

  private static final int TAIL_LINES = 30;

  private final String name;
  private final List<String> command;
  private final Path log;
  private final Waiting.Condition ready;
  private @Nullable Process process;
  private boolean wanted;
  private boolean frozen;
  private boolean over;
  private int starts;
  private Duration cpuBefore = Duration.ZERO;
  private Duration cpuNow = Duration.ZERO;
  private long peakBytes;

  /**
   * Nothing is started yet.
   *
   * @param log gets everything that it prints, of all its lives
   * @param ready whether it does its work, seen from outside
   */
  Child(String name, List<String> command, Path log, Waiting.Condition ready) {
    this.name = name;
    this.command = List.copyOf(command);
    this.log = log;
    this.ready = ready;
  }

  String name() {
    return name;
  }

  Path log() {
    return log;
  }

  /** Starts it, and does not wait. Does nothing once it has been ended. */
  synchronized void start() {
    if (over) {
      return;
    }
    if (isAlive()) {
      throw new IllegalStateException(name + " runs already.");
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // What this shell is set to use is not what the measured processes are told to use.
    builder.environment().keySet().removeIf(variable -> variable.startsWith("LOGFOLD_"));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be started.", e);
    }
    wanted = true;
    starts++;
  }

  /** Waits until it does its work. */
  void awaitReady(Duration limit) throws InterruptedException {
    Waiting.until(
        limit,
        () -> !isAlive() || ready.holds(),
        () -> name + " was not ready within " + limit.toSeconds() + " s. " + tail());
    if (!isAlive()) {
      throw new IllegalStateException(name + " ended. " + tail());
    }
  }

  /** Whether it does its work, seen from outside. */
  boolean isReady() throws InterruptedException {
    return isAlive() && Waiting.holds(ready);
  }

  synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  synchronized boolean isFrozen() {
    return frozen;
  }

  /** Whether it is gone though nobody killed it. */
  synchronized boolean hasEndedByItself() {
    return wanted && !isAlive();
  }

  /** SIGKILL: it gets no chance to say goodbye. */
  synchronized void kill() throws InterruptedException {
    wanted = false;
    frozen = false;
    if (process != null) {
      sample();
      process.destroyForcibly().waitFor();
      cpuBefore = cpuBefore.plus(cpuNow);
      cpuNow = Duration.ZERO;
      process = null;
    }
  }

  /** Kills it for good: nobody starts it again while this program ends. */
  synchronized void end() throws InterruptedException {
    over = true;
    kill();
  }

  /** Kills it and starts it again at once. */
  synchronized void restart() throws InterruptedException {
    kill();
    start();
  }

  /** SIGSTOP: it keeps its connections, and says nothing. */
  synchronized void freeze() throws InterruptedException {
    frozen = signal("STOP");
  }

  /** SIGCONT: it goes on, and does not know how long it was away. */
  synchronized void resume() throws InterruptedException {
    frozen = false;
    signal("CONT");
  }

  /** Its process id. */
  synchronized long pid() {
    if (process == null) {
      throw new IllegalStateException(name + " does not run.");
    }
    return process.pid();
  }

  /** How often it was started. */
  synchronized int starts() {
    return starts;
  }

  /** CPU time, user and system, of all its lives. */
  synchronized Duration cpuTime() {
    sample();
    return cpuBefore.plus(cpuNow);
  }

  /** Resident memory in bytes; 0 when it does not run. */
  synchronized long residentBytes() {
    return memory("VmRSS:");
  }

  /** The most resident memory of any of its lives, in bytes. */
  synchronized long peakBytes() {
    sample();
    return peakBytes;
  }

  /** The end of its log, for the message about what went wrong. */
  String tail() {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      List<String> last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
      return "The end of " + log + ":\n" + String.join("\n", last);
    } catch (IOException e) {
      return "It has no log: " + e.getMessage();
    }
  }

  private boolean signal(String signal) throws InterruptedException {
    if (!isAlive()) {
      return false;
    }
    try {
      // The shell's own kill: a machine need not have a program of that name.
      return new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid()).start().waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sample() {
    if (process != null) {
      process.info().totalCpuDuration().ifPresent(used -> cpuNow = used);
      peakBytes = Math.max(peakBytes, memory("VmHWM:"));
    }
  }

  private long memory(String field) {
    if (process == null) {
      return 0;
    }
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
