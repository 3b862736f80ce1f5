package io.logfold.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.benchmarks.Counts.Count;
import io.logfold.benchmarks.RebuildReport.Asking;
import io.logfold.benchmarks.RebuildReport.Built;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The phases of a measurement of rebuilds, one after the other on one rig. */
final class RebuildRun {

  private static final List<String> PROJECTIONS = List.of("error-log", "stats", "routes");
  private static final int STREAMS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration LONGEST_REBUILD = Duration.ofMinutes(30);
  private static final Duration WARM_UP = Duration.ofSeconds(60);
  private static final Reader.Experience NOBODY_ASKED =
      new Reader.Experience(0, Double.NaN, Double.NaN, Double.NaN);

  private final Rig rig;
  private final Path folder;
  private final int rate;
  private final int questions;
  private final StallWatch stalls;
  private final Rebuilds rebuilds;
  private final List<Count> wrong = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private Tally sentMeanwhile = Tally.NONE;

  /**
   * @param folder for files
   * @param rate logs a second that come in during the second half
   * @param questions a second
   * @param stalls looks at the machine
   */
  RebuildRun(Rig rig, Path folder, int rate, int questions, StallWatch stalls) {
    this.rig = rig;
    this.folder = folder;
    this.rate = rate;
    this.questions = questions;
    this.stalls = stalls;
    this.rebuilds = new Rebuilds(rig.http(), rig.querySides().get(0));
  }

  /**
   * Measures everything.
   *
   * @param logs that come onto the log first
   * @param idle how long answers are asked for while nothing else is done
   */
  RebuildReport run(long logs, Duration idle) throws Exception {
    say("%,d logs".formatted(logs));
    Tally sent =
        Tally.of(new LoadGenerator(folder, STREAMS).atFullSpeed(rig.writeUrl(), logs).books());
    awaitFolded();
    List<Built> alone = new ArrayList<>();
    for (String projection : PROJECTIONS) {
      alone.add(rebuild(projection, "when-equal", null));
    }
    RebuildReport report = withReader(alone, idle);
    compare(sent.plus(sentMeanwhile));
    return report;
  }

  private RebuildReport withReader(List<Built> alone, Duration length) throws Exception {
    URI readUrl = rig.querySides().get(0).url();
    try (Reader reader = new Reader(readUrl, questions, new Random(1));
        SteadyLoad load = new SteadyLoad(rig.writeUrl(), rate)) {
      Asking idle = ask("idle", reader, length);
      load.begin();
      Asking loaded = ask("under load", reader, length);
      List<Built> underLoad = new ArrayList<>();
      for (String projection : PROJECTIONS) {
        underLoad.add(rebuild(projection, "when-ready", reader));
      }
      sentMeanwhile = load.end();
      return new RebuildReport(idle, loaded, alone, underLoad, reader.problems(), wrong);
    }
  }

  private Asking ask(String when, Reader reader, Duration length) throws InterruptedException {
    Thread.sleep(WARM_UP.toMillis());
    reader.startOver();
    CpuTimes before = CpuTimes.of(rig.children());
    Thread.sleep(length.toMillis());
    SortedMap<String, Double> cores =
        new TreeMap<>(CpuTimes.of(rig.children()).since(before).seconds());
    cores.replaceAll((name, seconds) -> seconds / length.toSeconds());
    Asking asking = new Asking(reader.experience(), cores);
    say(when + ": " + asking);
    return asking;
  }

  private Built rebuild(String projection, String switching, @Nullable Reader reader)
      throws Exception {
    try (EventLog log = new EventLog(rig.bootstrapServers(), rig.settings().partitions());
        Connection connection = rig.connectToQueryDatabase()) {
      GenerationTables tables = new GenerationTables(connection);
      CpuTimes before = CpuTimes.of(rig.children());
      if (reader != null) {
        reader.startOver();
      }
      stalls.startOver();
      long began = System.nanoTime();
      String id = rebuilds.begin(projection, switching, null);
      ids.add(id);
      Waiting.until(LONGEST_REBUILD, () -> tables.isFedByTheFold(id), () -> id + " takes too long");
      double seconds = (System.nanoTime() - began) / 1e9;
      long records = log.records();
      CpuTimes used = CpuTimes.of(rig.children()).since(before);
      Waiting.until(LONGEST_REBUILD, () -> isSettled(id), () -> id + " is not switched to");
      Reader.Experience experience = reader == null ? NOBODY_ASKED : reader.experience();
      Built built =
          new Built(
              id,
              new Speed(records, seconds, used.total()),
              new TreeMap<>(used.perMillion(records)),
              experience,
              stalls.longest());
      say(
          "%s: %,.0f logs/s in %.1f s, CPU-s a million %s, %s, %s"
              .formatted(
                  id,
                  built.speed().perSecond(),
                  seconds,
                  built.cpuPerMillion(),
                  experience,
                  built.stalls()));
      return built;
    }
  }

  /** Switched to, or the reason why not is known. */
  private boolean isSettled(String id) throws Exception {
    JsonNode state = rebuilds.get(id);
    if (state.has("reason")) {
      say("%s: %s".formatted(id, state.get("reason").asText()));
      return true;
    }
    return state.get("state").asText().equals("switched");
  }

  private void compare(Tally sent) throws Exception {
    awaitFolded();
    Counts.compare(rig, sent).stream().filter(count -> !count.isRight()).forEach(wrong::add);
    for (String id : ids) {
      JsonNode state = rebuilds.get(id);
      JsonNode diff = rebuilds.diff(id);
      say("%s is %s; %s".formatted(id, state.get("state").asText(), diff.get("summary").asText()));
      if (!state.get("state").asText().equals("switched")) {
        wrong.add(new Count(id + " is switched to", 1, 0));
      }
      if (!diff.get("equal").asBoolean()) {
        wrong.add(new Count(id + " equals what it replaced", 1, 0));
      }
    }
  }

  private void awaitFolded() throws Exception {
    try (EventLog log = new EventLog(rig.bootstrapServers(), rig.settings().partitions());
        FoldPositions positions = new FoldPositions(rig.connectToQueryDatabase())) {
      positions.await(log.records(), PATIENCE);
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
