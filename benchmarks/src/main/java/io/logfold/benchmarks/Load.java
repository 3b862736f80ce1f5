package io.logfold.benchmarks;

import io.logfold.generator.Generator;
import io.logfold.generator.GeneratorSettings;
import io.logfold.generator.LogFormat;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * Senders that never give up, until they are told that it is enough. Each lane runs one generator
 * after the other, with requests of other sizes and another format, so that at every moment some
 * requests are in flight; a further one sends with opaque keys. Thread-safe.
 */
final class Load implements AutoCloseable {

  private static final int LANES = 2;
  private static final int STREAMS = 4;
  private static final int ROUNDS = 20;
  private static final int[] BATCHES = {1, 5, 20, 100};
  private static final LogFormat[] FORMATS = {LogFormat.JSON, LogFormat.NDJSON};
  private static final double OPAQUE_SHARE = 0.05;

  /** Longer than any fault; who gives up makes the run worthless. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  /** Shorter than a freeze, so that a request is sent again while its first try is still alive. */
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  private final URI target;
  private final double rate;
  private final long logsOfRound;
  private final List<Generator> generators = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(LANES + 1);
  private final OpaqueSender opaque;
  private Tally finished = Tally.NONE;
  private volatile boolean enough;

  /**
   * Begins at once.
   *
   * @param logs how many are wanted at least
   * @param rate logs a second, of all lanes
   * @param random decides about sizes and formats
   */
  Load(URI target, long logs, double rate, Random random) {
    this.target = target;
    this.rate = rate;
    this.logsOfRound = Math.max(100, logs / LANES / ROUNDS);
    this.opaque = new OpaqueSender(target, rate * OPAQUE_SHARE, PATIENCE, TIMEOUT);
    for (int lane = 0; lane < LANES; lane++) {
      Random own = new Random(random.nextLong());
      run(() -> send(own));
    }
    run(opaque::send);
  }

  /** Logs acknowledged so far. */
  long accepted() {
    return tally().accepted();
  }

  /** Everything so far, or of the whole load once it has ended. */
  synchronized Tally tally() {
    Tally all = finished.plus(opaque.tally());
    for (Generator generator : generators) {
      all = all.plus(Tally.of(generator.report()));
    }
    return all;
  }

  /** No further generator begins; those at work finish what they have to send. */
  void enough() {
    enough = true;
    opaque.enough();
  }

  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Breaks it off. */
  @Override
  public void close() {
    enough();
    opaque.close();
    List.copyOf(generators).forEach(Generator::close);
  }

  private void send(Random random) {
    while (!enough) {
      Generator generator = Generator.start(settings(random));
      begin(generator);
      try {
        generator.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      finish(generator);
    }
  }

  private synchronized void begin(Generator generator) {
    generators.add(generator);
  }

  private synchronized void finish(Generator generator) {
    generators.remove(generator);
    finished = finished.plus(Tally.of(generator.report()));
  }

  private GeneratorSettings settings(Random random) {
    return GeneratorSettings.to(target)
        .total(logsOfRound)
        .rate(rate * (1 - OPAQUE_SHARE) / LANES)
        .streams(STREAMS)
        .batch(BATCHES[random.nextInt(BATCHES.length)])
        .format(FORMATS[random.nextInt(FORMATS.length)])
        .gzip(random.nextBoolean())
        .seed(random.nextLong())
        .giveUpAfter(PATIENCE)
        .timeout(TIMEOUT)
        .build();
  }

  private void run(Runnable lane) {
    Thread thread =
        new Thread(
            () -> {
              try {
                lane.run();
              } finally {
                ended.countDown();
              }
            },
            "load");
    thread.setDaemon(true);
    thread.start();
  }
}
