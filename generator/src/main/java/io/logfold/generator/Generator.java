package io.logfold.generator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A run under way. {@link #start} begins it; {@link #await} waits for the end of a bounded one;
 * {@link #close} ends any. Thread-safe.
 *
 * <pre>{@code
 * try (Generator generator = Generator.start(GeneratorSettings.to(uri).total(1_000).build())) {
 *   generator.await();
 *   System.out.println(generator.report().toText());
 * }
 * }</pre>
 */
public final class Generator implements AutoCloseable {

  private static final Duration KILL_GRACE = Duration.ofSeconds(5);

  private final GeneratorSettings settings;
  private final String run;
  private final Ticker ticker;
  private final Schedule schedule;
  private final Books books = new Books();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch ended;
  private final List<Thread> threads = new ArrayList<>();
  private final long startNanos;
  private volatile LongSupplier endNanos;

  private Generator(GeneratorSettings settings, Clock clock, Ticker ticker) {
    this.settings = settings;
    this.ticker = ticker;
    run = settings.streamName() == null ? randomName() : settings.streamName();
    ended = new CountDownLatch(settings.streams());
    Traffic traffic = new Traffic(settings);
    HttpTarget target = new HttpTarget(settings, clock);
    startNanos = ticker.nanos();
    endNanos = ticker::nanos;
    schedule = new Schedule(settings, ticker);
    Instant started = clock.instant();
    for (int k = 1; k <= settings.streams(); k++) {
      BatchMaker maker = new BatchMaker(settings, traffic, clock, started);
      String name = run + "-" + k;
      threads.add(
          thread(
              name, new Stream(name, settings, schedule, maker, target, books, ticker, stopped)));
    }
  }

  /** Begins a run that says nothing on the way. */
  public static Generator start(GeneratorSettings settings) {
    return start(settings, Clock.systemUTC(), Ticker.SYSTEM);
  }

  /**
   * Begins a run that reports on the way.
   *
   * @param every time between two lines, more than 0
   * @param progress gets a line about what was sent and acknowledged; called by one thread of ours
   */
  public static Generator start(
      GeneratorSettings settings, Duration every, Consumer<String> progress) {
    Generator generator = start(settings);
    generator.tell(every, progress);
    return generator;
  }

  static Generator start(GeneratorSettings settings, Clock clock, Ticker ticker) {
    Generator generator = new Generator(settings, clock, ticker);
    generator.threads.forEach(Thread::start);
    return generator;
  }

  /** Waits until the run has ended: all was sent, its time is over, or it was closed. */
  public void await() throws InterruptedException {
    ended.await();
  }

  /** The books so far, or of the whole run once it has ended. */
  public GeneratorReport report() {
    return books.report(run, settings.seed(), seconds());
  }

  /**
   * Ends the run: no request begins, none is tried again, and those in flight may take their {@link
   * GeneratorSettings#timeout()} to end. What has no final answer then is unknown.
   */
  @Override
  public void close() {
    schedule.close();
    stopped.countDown();
    awaitEnd(settings.timeout());
    threads.forEach(Thread::interrupt);
    awaitEnd(KILL_GRACE);
  }

  private void awaitEnd(Duration limit) {
    try {
      boolean unused = ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Thread thread(String name, Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } finally {
                end();
              }
            },
            "generator-" + name);
    thread.setDaemon(true);
    return thread;
  }

  private synchronized void end() {
    if (ended.getCount() == 1) {
      long now = ticker.nanos();
      endNanos = () -> now;
    }
    ended.countDown();
  }

  private void tell(Duration every, Consumer<String> progress) {
    Thread teller =
        new Thread(
            () -> {
              try {
                while (!ended.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
                  progress.accept(books.progress(seconds()));
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "generator-progress");
    teller.setDaemon(true);
    teller.start();
  }

  private double seconds() {
    return (endNanos.getAsLong() - startNanos) / 1e9;
  }

  /** Random and never from the seed: a run with a seed used before is still a new run. */
  private static String randomName() {
    return "gen-" + HexFormat.of().toHexDigits(new SplittableRandom().nextLong());
  }
}
