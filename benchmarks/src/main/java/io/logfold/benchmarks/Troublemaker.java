package io.logfold.benchmarks;

import io.logfold.benchmarks.Rig.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does faults to a rig, and ends them when their time has come. Not thread-safe: one thread calls
 * {@link #inflict} and {@link #doWhatIsDue} in turn.
 */
final class Troublemaker {

  private static final int CUTS = 8;
  private static final Duration BETWEEN_CUTS = Duration.ofMillis(800);
  private static final List<Consumer<Relay>> AT_ANSWERS =
      List.of(Relay::cutAtNextAnswer, Relay::cut);

  /** What is not in one transaction is in two: the moment after the first is the one to cut at. */
  private static final List<Consumer<Relay>> AT_ANSWERS_AND_COMMITS =
      List.of(Troublemaker::cutAtCommit, Relay::cut, Troublemaker::cutAtCommit);

  private static final Duration LONGEST_RESTART = Duration.ofSeconds(5);

  private final Rig rig;
  private final Random random;
  private final Duration freeze;
  private final Duration away;
  private final Consumer<String> diary;
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
  private final Set<Child> suffering = new HashSet<>();

  /** Something to do later, at a time on the system's ticker. */
  private record Due(long nanos, Action action) {}

  private interface Action {
    void run() throws InterruptedException;
  }

  /**
   * Does nothing yet.
   *
   * @param freeze how long a frozen process stays so
   * @param away how long a query side stays away for the other to take over
   * @param diary gets a line about each fault
   */
  Troublemaker(Rig rig, Random random, Duration freeze, Duration away, Consumer<String> diary) {
    this.rig = rig;
    this.random = random;
    this.freeze = freeze;
    this.away = away;
    this.diary = diary;
  }

  /** Does a fault, unless nobody is well enough to suffer it now. Returns whether it was done. */
  boolean inflict(FaultKind kind) throws InterruptedException {
    return switch (kind) {
      case KILL_QUERY_SIDE -> kill(processes(rig.querySides()), restartDelay());
      case KILL_COMMAND_SIDE -> kill(processes(rig.commandSides()), restartDelay());
      case KILL_KAFKA -> kill(List.of(rig.kafka()), restartDelay());
      case KILL_DATABASE -> kill(ownDatabase(), restartDelay());
      case QUERY_SIDE_AWAY -> kill(processes(rig.querySides()), away);
      case FREEZE -> freeze(rig.children());
      case CUT_DATABASE ->
          cut("the query sides from their database", rig.databaseRelays(), AT_ANSWERS_AND_COMMITS);
      case CUT_SENDERS ->
          cut("the senders from the command sides", present(rig.front()), AT_ANSWERS);
      case CUT_KAFKA -> cut("everybody from Kafka", present(rig.kafkaRelay()), AT_ANSWERS);
    };
  }

  /** Ends the faults whose time has come. */
  void doWhatIsDue() throws InterruptedException {
    for (Due next = due.peek(); next != null && isDue(next); next = due.peek()) {
      due.remove();
      next.action().run();
    }
  }

  /** Whether every fault has ended, though not everybody need have recovered. */
  boolean isDone() {
    return due.isEmpty();
  }

  private boolean kill(List<Child> candidates, Duration delay) throws InterruptedException {
    Child victim = anyWell(candidates);
    if (victim == null) {
      return false;
    }
    victim.kill();
    diary.accept("kill -9  %s, back after %.1f s".formatted(victim.name(), seconds(delay)));
    suffer(victim, delay, victim::start);
    return true;
  }

  private boolean freeze(List<Child> candidates) throws InterruptedException {
    Child victim = anyWell(candidates);
    if (victim == null) {
      return false;
    }
    victim.freeze();
    diary.accept("freeze   %s for %.1f s".formatted(victim.name(), seconds(freeze)));
    suffer(victim, freeze, victim::resume);
    return true;
  }

  /** Several times in a row: one cut rarely meets a transaction or a request in the middle. */
  private boolean cut(String whom, List<Relay> relays, List<Consumer<Relay>> ways) {
    Duration delay = Duration.ZERO;
    for (int i = 0; i < CUTS; i++) {
      Consumer<Relay> way = ways.get(i % ways.size());
      later(delay, () -> relays.forEach(way));
      delay = delay.plusMillis(random.nextLong(2 * BETWEEN_CUTS.toMillis()));
    }
    diary.accept("cut      %s, %d times in %.1f s".formatted(whom, CUTS, seconds(delay)));
    return true;
  }

  private static void cutAtCommit(Relay relay) {
    relay.cutAtAnswerTo("commit");
  }

  private static List<Relay> present(@Nullable Relay relay) {
    if (relay == null) {
      throw new IllegalStateException("Only a relayed rig can be cut.");
    }
    return List.of(relay);
  }

  private void suffer(Child victim, Duration length, Action end) {
    suffering.add(victim);
    later(
        length,
        () -> {
          suffering.remove(victim);
          end.run();
        });
  }

  private void later(Duration delay, Action action) {
    due.add(new Due(System.nanoTime() + delay.toNanos(), action));
  }

  private static boolean isDue(Due next) {
    return next.nanos() - System.nanoTime() <= 0;
  }

  private @Nullable Child anyWell(List<Child> candidates) throws InterruptedException {
    List<Child> well = new ArrayList<>();
    for (Child candidate : candidates) {
      if (!suffering.contains(candidate) && candidate.isReady()) {
        well.add(candidate);
      }
    }
    return well.isEmpty() ? null : any(well);
  }

  private List<Child> ownDatabase() {
    Child database = rig.database();
    return database == null ? List.of() : List.of(database);
  }

  private Duration restartDelay() {
    return random.nextBoolean()
        ? Duration.ZERO
        : Duration.ofMillis(random.nextLong(LONGEST_RESTART.toMillis()));
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static List<Child> processes(List<Side> sides) {
    return sides.stream().map(Side::process).toList();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
