package io.logfold.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which faults happen, in which order: the same for the same seed. */
final class FaultPlan {

  /** A short plan is made of the first of them, so that the worst are in every plan. */
  private static final List<FaultKind> ROUND =
      List.of(
          FaultKind.KILL_QUERY_SIDE,
          FaultKind.KILL_COMMAND_SIDE,
          FaultKind.KILL_KAFKA,
          FaultKind.KILL_DATABASE,
          FaultKind.CUT_DATABASE,
          FaultKind.CUT_SENDERS,
          FaultKind.FREEZE,
          FaultKind.QUERY_SIDE_AWAY,
          FaultKind.CUT_KAFKA,
          FaultKind.KILL_QUERY_SIDE);

  private static final List<FaultKind> KILLS =
      List.of(
          FaultKind.KILL_QUERY_SIDE,
          FaultKind.KILL_DATABASE,
          FaultKind.KILL_KAFKA,
          FaultKind.KILL_QUERY_SIDE,
          FaultKind.KILL_COMMAND_SIDE,
          FaultKind.KILL_QUERY_SIDE);

  private FaultPlan() {}

  /**
   * As many faults as asked for, each kind as often as any other in the long run.
   *
   * @param ownDatabase whether the database server is ours to kill
   */
  static List<FaultKind> of(int faults, boolean ownDatabase, Random random) {
    return of(ROUND, faults, ownDatabase, random);
  }

  /** As many kills as asked for, half of them of query sides. */
  static List<FaultKind> kills(int kills, boolean ownDatabase, Random random) {
    return of(KILLS, kills, ownDatabase, random);
  }

  private static List<FaultKind> of(
      List<FaultKind> kinds, int faults, boolean ownDatabase, Random random) {
    List<FaultKind> round =
        kinds.stream().filter(kind -> ownDatabase || kind != FaultKind.KILL_DATABASE).toList();
    List<FaultKind> plan = new ArrayList<>();
    while (plan.size() < faults) {
      List<FaultKind> next =
          new ArrayList<>(round.subList(0, Math.min(round.size(), faults - plan.size())));
      Collections.shuffle(next, random);
      plan.addAll(next);
    }
    return plan;
  }
}
