package io.logfold.generator;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends a run on Ctrl-C or SIGTERM as it would have ended by itself: the requests in flight finish,
 * the report is printed, and the exit status says what came of it.
 */
final class Ending {

  /** For printing a report; the run itself is closed by then. */
  private static final long REPORT_SECONDS = 10;

  private final Generator generator;
  private final CompletableFuture<Integer> status = new CompletableFuture<>();

  private final Thread hook = new Thread(this::end, "generator-ending");

  private Ending(Generator generator) {
    this.generator = generator;
  }

  static Ending onSignal(Generator generator) {
    Ending ending = new Ending(generator);
    Runtime.getRuntime().addShutdownHook(ending.hook);
    return ending;
  }

  /** The report is out: the process may go. */
  void reported(int exitStatus) {
    status.complete(exitStatus);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook is under way, and has its status now.
    }
  }

  private void end() {
    generator.close();
    try {
      Runtime.getRuntime().halt(status.get(REPORT_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      Runtime.getRuntime().halt(1);
    }
  }
}
