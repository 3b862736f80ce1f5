package io.logfold.query.fold;

/**
 * A generation of something folded from the log: of a projection, or of the memory of requests.
 *
 * @param name the projection's name, or {@code requests}
 * @param generation its number, from 1
 */
public record Fold(String name, int generation) {

  /** What tells new lines from repeats, ahead of all projections. */
  public static final Fold REQUESTS = new Fold("requests", 1);

  /** Its position is how often dead letters of a partition were taken in after all. */
  static final Fold RETRIES = new Fold("dead-letter-retries", 1);

  /** As people write it, such as {@code stats-2}. */
  public String id() {
    return name + "-" + generation;
  }

  /** Whether it has tables that answer. */
  boolean isOfAProjection() {
    return !equals(REQUESTS) && !equals(RETRIES);
  }
}
