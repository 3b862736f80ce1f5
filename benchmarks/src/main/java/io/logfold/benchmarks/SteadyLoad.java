package io.logfold.benchmarks;

import io.logfold.generator.Generator;
import io.logfold.generator.GeneratorSettings;
import java.net.URI;
import java.time.Duration;

/**
 * Logs at a steady rate until it is told that it is enough, each sent until it is acknowledged: one
 * short run of a generator in this process after the other. Thread-safe.
 */
final class SteadyLoad implements AutoCloseable {

  private static final int SECONDS_A_RUN = 5;
  private static final int BATCH = 100;
  private static final int STREAMS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final URI target;
  private final int rate;
  private final Thread thread = new Thread(this::send, "steady-load");
  private Tally finished = Tally.NONE;
  private volatile boolean enough;

  /**
   * Sends nothing yet.
   *
   * @param rate logs a second
   */
  SteadyLoad(URI target, int rate) {
    this.target = target;
    this.rate = rate;
    thread.setDaemon(true);
  }

  void begin() {
    thread.start();
  }

  /** Ends it and says what was sent. */
  Tally end() throws InterruptedException {
    enough = true;
    thread.join();
    return finished;
  }

  /** Breaks it off. */
  @Override
  public void close() {
    enough = true;
    thread.interrupt();
  }

  private void send() {
    while (!enough) {
      try (Generator generator = Generator.start(settings())) {
        generator.await();
        finished = finished.plus(Tally.of(generator.report()));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private GeneratorSettings settings() {
    return GeneratorSettings.to(target)
        .total((long) rate * SECONDS_A_RUN)
        .rate(rate)
        .batch(BATCH)
        .streams(STREAMS)
        .giveUpAfter(PATIENCE)
        .build();
  }
}
