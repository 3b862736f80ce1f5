package io.logfold.query.fold;

import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Which generation of each projection is live. */
@Component
public class Generations {

  private static final String LIVE =
      "SELECT g FROM ProjectionGeneration g WHERE g.id.name = :name AND g.state = :state";

  private record Live(int number, String rule) {}

  /** No projection's version. */
  private static final int NOT_BUILT = 0;

  private final EntityManager entities;
  private final TransactionTemplate transaction;
  private final Map<String, Live> live = new ConcurrentHashMap<>();

  Generations(EntityManager entities, TransactionTemplate transaction) {
    this.entities = entities;
    this.transaction = transaction;
  }

  /**
   * The live generation's number.
   *
   * @param projection a declared projection's {@link Projection#name()}
   */
  public int live(String projection) {
    return known(projection).number();
  }

  /**
   * The rule that the live generation is folded under, as {@link Projection#rule()} wrote it.
   *
   * @param projection a declared projection's {@link Projection#name()}
   */
  public String rule(String projection) {
    return known(projection).rule();
  }

  /**
   * Makes the first generation of each projection that has none. One that joins others is made as
   * not built: it came with a later release, and has yet to fold what they have folded.
   *
   * @param projections all of a processor
   */
  public void ensure(List<? extends Projection> projections) {
    transaction.executeWithoutResult(
        status -> {
          List<? extends Projection> missing =
              projections.stream().filter(each -> findLive(each.name()).isEmpty()).toList();
          boolean areAllNew = missing.size() == projections.size();
          for (Projection projection : missing) {
            entities.persist(
                new ProjectionGeneration(
                    projection.name(),
                    1,
                    areAllNew ? projection.version() : NOT_BUILT,
                    projection.rule()));
          }
        });
  }

  /** The projections whose live rows were folded under another version or rule than theirs. */
  List<Projection> outdated(List<Projection> projections) {
    return projections.stream()
        .filter(
            projection ->
                Boolean.FALSE.equals(
                    transaction.execute(status -> find(projection.name()).isBuiltLike(projection))))
        .toList();
  }

  /** Notes, in the caller's transaction, that the live rows are folded anew. */
  public void adopt(Projection projection) {
    find(projection.name()).adopt(projection);
    live.remove(projection.name());
  }

  private Live known(String projection) {
    return live.computeIfAbsent(
        projection,
        name ->
            transaction.execute(
                status -> {
                  ProjectionGeneration found = find(name);
                  return new Live(found.number(), found.rule());
                }));
  }

  private ProjectionGeneration find(String name) {
    return findLive(name)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Projection '" + name + "' has no live generation: its row is missing."));
  }

  private Optional<ProjectionGeneration> findLive(String name) {
    return entities
        .createQuery(LIVE, ProjectionGeneration.class)
        .setParameter("name", name)
        .setParameter("state", ProjectionGeneration.State.LIVE)
        .getResultStream()
        .findFirst();
  }
}
