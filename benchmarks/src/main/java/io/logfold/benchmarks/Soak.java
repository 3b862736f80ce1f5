package io.logfold.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Keeps the whole pipeline at its capacity for long, and shows whether its memory grows. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Loads the whole pipeline as much as it takes for a long time and prints its memory every"
            + " minute. Exits with 1 when a log is lost or doubled.")
final class Soak implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);
  private static final double MB = 1e6;

  @Option(names = "--length", description = "Minutes of load.")
  private int minutes = 30;

  @Option(names = "--streams", description = "Requests in flight.")
  private int streams = 8;

  @Option(
      names = "--mysql",
      paramLabel = "URL",
      description = "A server to use; without: LOGFOLD_TEST_MYSQL_URL, else a MariaDB of our own.")
  private @Nullable String mysql;

  @Option(
      names = "--folder",
      description =
          "For data and logs, some 15 GB in half an hour; deleted when the run has gone well.")
  private Path folder = Path.of("benchmarks", "target", "soak");

  @Override
  public Integer call() throws Exception {
    Path run = folder.resolve("run-" + ProcessHandle.current().pid());
    System.out.println("Starting; logs of the processes are in " + run.toAbsolutePath());
    Books books;
    try (Rig rig = Rig.start(RigSettings.in(run).mysql(mysql).build())) {
      books = load(rig, run);
    }
    FileSystemUtils.deleteRecursively(run);
    return books.balance() ? 0 : 1;
  }

  private Books load(Rig rig, Path run) throws Exception {
    System.out.println(Machine.of(rig));
    LoadGenerator generator = new LoadGenerator(run, streams);
    CpuTimes before = CpuTimes.of(rig.children());
    long startNanos = System.nanoTime();
    CompletableFuture<LoadGenerator.Sent> sending =
        CompletableFuture.supplyAsync(() -> send(generator, rig));
    try (EventLog log = new EventLog(rig.bootstrapServers(), rig.settings().partitions());
        FoldPositions positions = new FoldPositions(rig.connectToQueryDatabase())) {
      watch(rig, log, positions, sending);
      LoadGenerator.Sent sent = sending.get();
      long foldedNanos = positions.await(log.records(), PATIENCE);
      CpuTimes used = CpuTimes.of(rig.children()).since(before);
      long logs = sent.books().accepted();
      Speed speed = new Speed(logs, (foldedNanos - startNanos) / 1e9, used.total());
      Books books = Books.compare(sent.books(), readModels(rig));
      System.out.printf(
          "%,d logs, %,.0f a second from the first request to the last log folded, %.2f CPU-s a"
              + " million %s; lost %d, doubled %d%n",
          logs,
          speed.perSecond(),
          speed.cpuPerMillion(),
          rounded(used.perMillion(logs)),
          books.lost(),
          books.doubled());
      return books;
    }
  }

  private LoadGenerator.Sent send(LoadGenerator generator, Rig rig) {
    try {
      return generator.forSoLong(rig.writeUrl(), Duration.ofMinutes(minutes));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Samples every second, since heaps rise and fall, and prints every minute. */
  private void watch(
      Rig rig, EventLog log, FoldPositions positions, CompletableFuture<LoadGenerator.Sent> sending)
      throws Exception {
    System.out.println("minute | logs/s folded | not folded | heap after collections | resident");
    long foldedBefore = positions.folded();
    for (int minute = 1; minute <= minutes && !sending.isDone(); minute++) {
      SortedMap<String, Double> liveMegabytes = leastHeaps(rig, BETWEEN_LINES);
      long folded = positions.folded();
      System.out.printf(
          Locale.ROOT,
          "%6d | %,13d | %,10d | %s | %s%n",
          minute,
          (folded - foldedBefore) / BETWEEN_LINES.toSeconds(),
          log.records() - folded,
          liveMegabytes,
          residentMegabytes(rig));
      foldedBefore = folded;
    }
  }

  /** What a heap held at its emptiest is about what it held after a collection. */
  private static SortedMap<String, Double> leastHeaps(Rig rig, Duration length)
      throws InterruptedException {
    SortedMap<String, Double> least = new TreeMap<>();
    List<Rig.Side> sides = new ArrayList<>(rig.sides());
    long untilNanos = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < untilNanos) {
      for (Rig.Side side : sides) {
        Double used = HeapWatch.usedBytes(rig.http(), side);
        if (used != null) {
          least.merge(side.process().name(), Math.round(used / MB * 10) / 10.0, Math::min);
        }
      }
      Thread.sleep(1_000);
    }
    return least;
  }

  private static SortedMap<String, Long> residentMegabytes(Rig rig) {
    SortedMap<String, Long> resident = new TreeMap<>();
    rig.children()
        .forEach(child -> resident.put(child.name(), Math.round(child.residentBytes() / MB)));
    return resident;
  }

  private static ReadModels readModels(Rig rig) throws Exception {
    try (var connection = rig.connectToQueryDatabase()) {
      return ReadModels.of(connection);
    }
  }

  private static SortedMap<String, Double> rounded(SortedMap<String, Double> values) {
    SortedMap<String, Double> rounded = new TreeMap<>(values);
    rounded.replaceAll((name, value) -> Math.round(value * 100) / 100.0);
    return rounded;
  }
}
