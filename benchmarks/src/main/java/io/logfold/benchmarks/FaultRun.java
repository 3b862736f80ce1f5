package io.logfold.benchmarks;

import io.logfold.benchmarks.Counts.Count;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Loads a rig, does faults to it meanwhile, lets it recover, and compares every count with the
 * senders' books.
 */
class FaultRun {

  private static final Duration TICK = Duration.ofMillis(20);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
  private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(3);
  private static final Duration FOLD_LIMIT = Duration.ofMinutes(10);

  /** Longer than a command side goes on trying to bring a request's logs onto the log. */
  private static final Duration LATE_LOGS = Duration.ofSeconds(10);

  private final Rig rig;
  private final FaultSettings settings;
  private final Consumer<String> out;
  private final Random random;
  private final Troublemaker troublemaker;
  private final Map<FaultKind, Integer> done = new EnumMap<>(FaultKind.class);
  private final long beganNanos = System.nanoTime();
  private long lastLineNanos = beganNanos;
  private int revived;

  /**
   * Does nothing yet.
   *
   * @param rig relayed, and just started
   * @param out gets lines about what happens
   */
  FaultRun(Rig rig, FaultSettings settings, Consumer<String> out) {
    this.rig = rig;
    this.settings = settings;
    this.out = out;
    this.random = new Random(settings.seed());
    this.troublemaker =
        new Troublemaker(rig, random, settings.freeze(), settings.away(), this::say);
  }

  /** Runs it to its end. */
  final FaultResult run() throws Exception {
    Tally sent;
    try (Load load = new Load(rig.writeUrl(), settings.logs(), settings.rate(), random)) {
      inflictAll(load);
      load.enough();
      go(load, () -> load.hasEnded() && troublemaker.isDone());
      sent = load.tally();
    }
    sent.problems().forEach(problem -> say("a sender says: " + problem));
    awaitRecovery();
    awaitFold();
    List<Count> counts = compare(sent);
    return new FaultResult(settings, sent, done, revived, counts, sinceBegin());
  }

  /** Spread over the load: each fault waits for its share of the logs to be acknowledged. */
  void inflictAll(Load load) throws InterruptedException {
    List<FaultKind> plan = FaultPlan.of(settings.faults(), rig.database() != null, random);
    for (int i = 0; i < plan.size(); i++) {
      FaultKind kind = plan.get(i);
      long from = Math.round(settings.logs() * (i + random.nextDouble()) / plan.size());
      go(load, () -> load.accepted() >= from);
      inflict(load, kind);
    }
    go(load, () -> load.accepted() >= settings.logs());
  }

  /** Every figure there is, once everything is folded. */
  List<Count> compare(Tally sent) throws Exception {
    return Counts.compare(rig, sent);
  }

  /** Does a fault as soon as there is somebody to suffer it. */
  final void inflict(Load load, FaultKind kind) throws InterruptedException {
    go(load, () -> troublemaker.inflict(kind));
    done.merge(kind, 1, Integer::sum);
  }

  /** Goes on until something holds, and sees to everything else meanwhile. */
  final void go(Load load, Until until) throws InterruptedException {
    while (!until.holds()) {
      troublemaker.doWhatIsDue();
      revive();
      tellProgress(load);
      Thread.sleep(TICK.toMillis());
    }
  }

  interface Until {
    boolean holds() throws InterruptedException;
  }

  private void revive() {
    for (Child child : rig.revive()) {
      revived++;
      say("%s had ended by itself, started again".formatted(child.name()));
    }
  }

  private void awaitRecovery() throws InterruptedException {
    Waiting.until(
        RECOVERY_LIMIT,
        () -> {
          revive();
          for (Child child : rig.children()) {
            if (!child.isReady()) {
              return false;
            }
          }
          return true;
        },
        () -> "Not everything recovered within " + RECOVERY_LIMIT.toSeconds() + " s.");
    say("everything recovered");
  }

  private void awaitFold() throws Exception {
    long recoveredNanos = System.nanoTime();
    try (EventLog log = new EventLog(rig.bootstrapServers(), rig.settings().partitions());
        FoldPositions positions = new FoldPositions(rig.connectToQueryDatabase())) {
      Waiting.until(
          FOLD_LIMIT,
          () ->
              System.nanoTime() - recoveredNanos > LATE_LOGS.toNanos()
                  && positions.folded() >= log.records(),
          () -> "The fold did not reach the log's end within " + FOLD_LIMIT.toMinutes() + " min.");
    }
    say("everything folded");
  }

  private void tellProgress(Load load) {
    if (System.nanoTime() - lastLineNanos > BETWEEN_LINES.toNanos()) {
      lastLineNanos = System.nanoTime();
      Tally sent = load.tally();
      say(
          String.format(
              Locale.ROOT, "%,d logs acknowledged, %,d retries", sent.accepted(), sent.retries()));
    }
  }

  final void say(String line) {
    out.accept(String.format(Locale.ROOT, "%6.1f s  %s", sinceBegin().toMillis() / 1e3, line));
  }

  private Duration sinceBegin() {
    return Duration.ofNanos(System.nanoTime() - beganNanos);
  }
}
