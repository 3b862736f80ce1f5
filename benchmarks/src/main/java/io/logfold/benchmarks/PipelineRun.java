package io.logfold.benchmarks;

import io.logfold.query.QuerySideApplication;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The phases of a measurement, one after the other on one rig. */
final class PipelineRun implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int STEADY_RATE = 1_000;
  private static final Duration STEADY_LENGTH = Duration.ofSeconds(30);
  private static final Duration STEADY_LEAD = Duration.ofSeconds(5);
  private static final int PROBES_PER_SECOND = 20;

  private final Rig rig;
  private final Path folder;
  private final int streams;
  private final EventLog log;
  private final LoadGenerator generator;
  private int phase;

  /**
   * @param folder for files
   * @param streams requests in flight
   */
  PipelineRun(Rig rig, Path folder, int streams) {
    this.rig = rig;
    this.folder = folder;
    this.streams = streams;
    this.log = new EventLog(rig.bootstrapServers(), rig.settings().partitions());
    this.generator = new LoadGenerator(folder, streams);
  }

  /**
   * Measures everything.
   *
   * @param warmUp logs before the clock starts
   * @param logs logs while it runs, but for the few that are folded late
   */
  PipelineReport run(long warmUp, long logs, boolean withLimits, String commandLine)
      throws Exception {
    Machine machine = Machine.of(rig);
    begin("load, %,d logs to warm up and %,d that are measured".formatted(warmUp, logs));
    MeasuredLoad load = load(warmUp, logs);
    begin("latency, at %,d logs/s".formatted(STEADY_RATE));
    VisibleLatency.Result latency = latency();
    awaitFolded();
    Limits limits = withLimits ? limits() : null;
    begin("entry alone, %,d logs".formatted(logs / 2));
    Speed entry = entry(logs / 2);
    begin("replay, %,d logs".formatted(log.records()));
    Speed replay = replay("replay", QuerySideApplication.class);
    Speed rows = rows(replay);
    begin("replay without projections");
    Speed noProjections = replay("replay-without-projections", NoProjections.class);
    return new PipelineReport(
        Instant.now(),
        commandLine,
        machine,
        load,
        latency,
        entry,
        replay,
        rows,
        noProjections,
        limits);
  }

  @Override
  public void close() {
    log.close();
  }

  private void begin(String what) {
    System.out.printf("%d. %s%n", ++phase, what);
  }

  private long awaitFolded() throws Exception {
    try (FoldPositions positions = new FoldPositions(rig.connectToQueryDatabase())) {
      return positions.await(log.records(), PATIENCE);
    }
  }

  /**
   * One load, measured from when so much of it is folded until all is: a generator that began with
   * the clock would be compiled on the pipeline's time.
   */
  private MeasuredLoad load(long warmUp, long logs) throws Exception {
    CompletableFuture<LoadGenerator.Sent> sending =
        async(() -> generator.atFullSpeed(rig.writeUrl(), warmUp + logs));
    try (FoldPositions positions = new FoldPositions(rig.connectToQueryDatabase());
        HeapWatch heaps = new HeapWatch(rig.http(), rig.sides())) {
      positions.await(warmUp, PATIENCE);
      CpuTimes before = CpuTimes.of(rig.children());
      long beganNanos = System.nanoTime();
      long foldedBefore = positions.folded();
      long recordsBefore = log.records();
      long bytesBefore = log.bytes();

      LoadGenerator.Sent sent = sending.get();
      long sentNanos = System.nanoTime();
      long foldedNanos = positions.await(log.records(), PATIENCE);
      CpuTimes used = CpuTimes.of(rig.children()).since(before);
      long records = log.records() - recordsBefore;
      long measured = positions.folded() - foldedBefore;
      Speed folded = new Speed(measured, (foldedNanos - beganNanos) / 1e9, used.total());
      say("end to end", folded);
      return new MeasuredLoad(
          records * 1e9 / (sentNanos - beganNanos),
          folded,
          Math.round((double) sent.errors() * measured / sent.books().accepted()),
          used.perMillion(measured),
          peakResidentBytes(),
          heaps.largest(),
          (double) (log.bytes() - bytesBefore) / records,
          tableBytes() / log.records(),
          Books.compare(sent.books(), readModels()));
    }
  }

  /** The generator sends a little longer than the probes, at both ends. */
  private VisibleLatency.Result latency() throws Exception {
    long logs = STEADY_RATE * STEADY_LENGTH.plus(STEADY_LEAD.multipliedBy(2)).toSeconds();
    CompletableFuture<LoadGenerator.Sent> traffic =
        async(() -> generator.steadily(rig.writeUrl(), logs, STEADY_RATE));
    Thread.sleep(STEADY_LEAD.toMillis());
    VisibleLatency.Result latency =
        new VisibleLatency(rig.writeUrl(), rig.querySides().get(0).url())
            .measure(STEADY_LENGTH, PROBES_PER_SECOND);
    traffic.join();
    System.out.printf(
        "  visible after p50 %.1f ms, p99 %.1f ms%n", latency.visibleP50(), latency.visibleP99());
    return latency;
  }

  private @Nullable Limits limits() throws Exception {
    begin("limits of this machine");
    return Limits.measure(rig, log, generator, folder, streams, log.records());
  }

  private Speed entry(long logs) throws Exception {
    rig.querySides().get(0).process().kill();
    CpuTimes before = CpuTimes.of(rig.children());
    LoadGenerator.Sent sent = generator.atFullSpeed(rig.writeUrl(), logs);
    double used = CpuTimes.of(rig.children()).since(before).total();
    return say("accepted", new Speed(logs, sent.books().durationSeconds(), used));
  }

  private Speed replay(String name, Class<?> main) throws Exception {
    Child querySide = rig.querySide(name, main).process();
    Speed speed = new Replay(rig, querySide).run(log.records());
    querySide.kill();
    return say("folded", speed);
  }

  /** The rows of the whole replay, as if they came as evenly as the logs did. */
  private Speed rows(Speed replay) throws Exception {
    long all = readModels().errorsByStatus().values().stream().mapToLong(Long::longValue).sum();
    long rows = Math.round((double) all * replay.count() / log.records());
    return new Speed(rows, replay.seconds(), replay.cpuSeconds());
  }

  private static <T> CompletableFuture<T> async(Callable<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.call();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private ReadModels readModels() throws Exception {
    try (Connection connection = rig.connectToQueryDatabase()) {
      return ReadModels.of(connection);
    }
  }

  private double tableBytes() throws Exception {
    try (Connection connection = rig.connectToQueryDatabase()) {
      return ReadModels.bytes(connection);
    }
  }

  private SortedMap<String, Long> peakResidentBytes() {
    SortedMap<String, Long> peaks = new TreeMap<>();
    rig.children().forEach(child -> peaks.put(child.name(), child.peakBytes()));
    return peaks;
  }

  private static Speed say(String what, Speed speed) {
    System.out.printf(
        "  %s %,.0f logs/s, %.2f CPU-s a million%n",
        what, speed.perSecond(), speed.cpuPerMillion());
    return speed;
  }
}
