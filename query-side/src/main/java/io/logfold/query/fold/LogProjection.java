package io.logfold.query.fold;

/** A read model folded from the event log. All of them ride one processor, {@link LogFold}. */
public interface LogProjection extends Projection {

  @Override
  default String processor() {
    return LogFold.PROCESSOR;
  }

  /**
   * What folds logs into a generation's tables.
   *
   * @param generation its number
   * @param rule the rule it is built under, as {@link #rule} wrote it, now or at an earlier start
   */
  GenerationWriter writer(int generation, String rule);

  /**
   * Takes rows over from an older generation, marked as carried, inside a transaction that keeps
   * both where they are: those that hold logs which were not read, in place of what is there.
   *
   * @param writer the newer generation's, whose rule decides where rows are logs
   */
  void carryOver(CarryOver lost, GenerationWriter writer);
}
