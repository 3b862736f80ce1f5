package io.logfold.query.fold;

import io.logfold.query.fold.Generation.State;
import io.logfold.query.fold.Generation.Switching;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The generations of each projection, and which of them answers. What another process changed is
 * known here a quarter of a second later; while the database is away what was known last stands.
 */
@Component
public class Generations {

  private static final Logger log = LoggerFactory.getLogger(Generations.class);

  private static final String ALL = "SELECT g FROM ProjectionGeneration g";
  private static final String OF_PROJECTION = ALL + " WHERE g.id.name = :name";

  private static final Comparator<Generation> OLDEST_FIRST =
      Comparator.comparing(generation -> generation.fold().generation());

  private final EntityManager entities;
  private final TransactionTemplate transaction;
  private final ObjectProvider<Projection> projections;
  private final Clock clock;
  private volatile Map<String, Integer> versions = Map.of();
  private volatile Map<String, List<Generation>> known = Map.of();

  Generations(
      EntityManager entities,
      TransactionTemplate transaction,
      ObjectProvider<Projection> projections,
      Clock clock) {
    this.entities = entities;
    this.transaction = transaction;
    this.projections = projections;
    this.clock = clock;
  }

  /**
   * The number of the generation that answers.
   *
   * @param projection a declared projection's {@link Projection#name()}
   */
  public int live(String projection) {
    return answering(projection).fold().generation();
  }

  /**
   * The rule that the generation is folded under that answers, as {@link Projection#rule()} wrote
   * it.
   *
   * @param projection a declared projection's {@link Projection#name()}
   */
  public String rule(String projection) {
    return answering(projection).rule();
  }

  /**
   * The generation that answers. During a deployment the processes of the old release go on with
   * the one of theirs.
   *
   * @param projection a declared projection's {@link Projection#name()}
   */
  public Generation answering(String projection) {
    List<Generation> all = of(projection);
    Generation live =
        all.stream()
            .filter(generation -> generation.state() == State.LIVE)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Projection '%s' has no live generation: its row is missing."
                            .formatted(projection)));
    int version = version(projection);
    if (live.version() == version) {
      return live;
    }
    return all.stream()
        .filter(each -> each.state() == State.KEPT && each.version() == version && !each.dropped())
        .max(OLDEST_FIRST)
        .orElse(live);
  }

  /** When the rows that answer were up to date: now, unless nobody feeds them any more. */
  public Instant asOf(String projection, Instant now) {
    Instant fedUntil = answering(projection).fedUntil();
    return fedUntil == null || now.isBefore(fedUntil) ? now : fedUntil;
  }

  /** All generations of a projection, the oldest first; empty if it is not known. */
  public List<Generation> of(String projection) {
    List<Generation> found = known.get(projection);
    return found == null ? refreshed().getOrDefault(projection, List.of()) : found;
  }

  /** One generation, if there is one. */
  public Optional<Generation> find(Fold fold) {
    return of(fold.name()).stream().filter(each -> each.fold().equals(fold)).findFirst();
  }

  /** Every generation of every projection. */
  public List<Generation> all() {
    return refreshed().values().stream().flatMap(List::stream).toList();
  }

  /**
   * Whether this process can write a generation: it knows the projection, in the version that the
   * generation was begun with.
   */
  public boolean canFeed(Fold fold) {
    return find(fold)
        .or(() -> Optional.ofNullable(refreshed().get(fold.name())).flatMap(all -> in(all, fold)))
        .filter(each -> each.isFed() && each.version() == version(fold.name()))
        .isPresent();
  }

  private static Optional<Generation> in(List<Generation> all, Fold fold) {
    return all.stream().filter(each -> each.fold().equals(fold)).findFirst();
  }

  /** What this process can feed, such as {@code stats:1}. */
  String feeds() {
    return projections.stream()
        .map(projection -> projection.name() + ":" + projection.version())
        .sorted()
        .collect(Collectors.joining(","));
  }

  /**
   * Makes the first generation of each projection that has none.
   *
   * @param declared all of a processor
   * @param joins is told of one that joins others, in the same transaction: it came with a later
   *     release, and has yet to fold what they have folded
   */
  public void ensure(List<? extends Projection> declared, Consumer<Fold> joins) {
    change(
        status -> {
          List<? extends Projection> missing =
              declared.stream().filter(each -> locked(each.name()).isEmpty()).toList();
          for (Projection projection : missing) {
            entities.persist(new ProjectionGeneration(projection, clock.instant()));
            if (missing.size() < declared.size()) {
              joins.accept(new Fold(projection.name(), 1));
            }
          }
        });
  }

  /** Notes, in the caller's transaction, that the live rows are folded anew. */
  public void adopt(Projection projection) {
    locked(projection.name()).stream()
        .filter(each -> each.state() == State.LIVE)
        .forEach(live -> live.adopt(projection));
    known = Map.of();
  }

  /**
   * Begins another generation of a projection.
   *
   * @param readFrom the append time from which the log is read, or null for all of it
   * @param feeds makes the rows that say where it begins to read, in the same transaction
   * @throws IllegalStateException if one is being built already
   */
  public Generation begin(
      Projection projection,
      @Nullable String note,
      @Nullable Instant readFrom,
      Switching switching,
      Consumer<Fold> feeds) {
    return changed(
        projection.name(),
        all -> {
          for (ProjectionGeneration each : all) {
            if (each.state() == State.BUILDING || each.state() == State.READY) {
              throw new IllegalStateException(
                  "%s-%d is %s: only one generation of a projection is built at a time. Switch to it or cancel it first."
                      .formatted(
                          projection.name(),
                          each.number(),
                          each.state() == State.READY ? "ready" : "being built"));
            }
          }
          int number = 1 + all.stream().mapToInt(ProjectionGeneration::number).max().orElse(0);
          ProjectionGeneration begun =
              new ProjectionGeneration(
                  projection, number, State.BUILDING, switching, clock.instant());
          begun.note(note, readFrom);
          entities.persist(begun);
          feeds.accept(new Fold(projection.name(), number));
          return begun;
        });
  }

  /** It stands where the fold stands. */
  public void ready(Fold fold) {
    move(fold, State.READY, State.BUILDING);
  }

  /** It is not wanted. */
  public Generation cancel(Fold fold) {
    return move(fold, State.CANCELLED, State.BUILDING, State.READY);
  }

  /** It cannot be built. Several processes may find that out; the first says why. */
  public void fail(Fold fold, String reason) {
    changed(
        fold,
        (found, all) -> {
          if (found.state() == State.FAILED) {
            return;
          }
          require(found, State.FAILED, State.BUILDING, State.READY);
          found.move(State.FAILED, clock.instant());
          found.because(reason);
        });
  }

  /** It stays as it is, for a reason. */
  public void note(Fold fold, String reason) {
    changed(fold, (found, all) -> found.because(reason));
  }

  /**
   * Lets a generation answer in place of the live one, which is kept for a while.
   *
   * @throws IllegalStateException if it is not ready
   */
  public Generation switchTo(Fold fold, Duration keep) {
    return changed(
        fold,
        (found, all) -> {
          require(found, State.LIVE, State.READY);
          Instant now = clock.instant();
          for (ProjectionGeneration each : all) {
            if (each.state() == State.LIVE) {
              each.move(State.KEPT, now);
              each.keepUntil(now.plus(keep));
              found.replaces(each.number());
            }
          }
          found.move(State.LIVE, now);
        });
  }

  /**
   * Lets the generation answer again that one took the place of; that one is kept for a while.
   *
   * @throws IllegalStateException if it does not answer, or the other is gone
   */
  public Generation rollBack(Fold fold, Duration keep) {
    return changed(
        fold,
        (found, all) -> {
          require(found, State.ROLLED_BACK, State.LIVE);
          Instant now = clock.instant();
          ProjectionGeneration before =
              all.stream()
                  .filter(each -> Integer.valueOf(each.number()).equals(found.replaced()))
                  .filter(each -> each.toGeneration().isKeptAt(now))
                  .findFirst()
                  .orElseThrow(
                      () ->
                          new IllegalStateException(
                              "There is nothing to go back to: the generation before %s is gone."
                                  .formatted(fold.id())));
          found.move(State.ROLLED_BACK, now);
          found.keepUntil(now.plus(keep));
          Instant fedUntil = before.toGeneration().fedUntil();
          if (fedUntil != null) {
            found.because(
                "What answers again is as of %s: what came since is missing until a process of its release feeds it."
                    .formatted(fedUntil));
          }
          before.move(State.LIVE, now);
          before.keepUntil(null);
        });
  }

  /** Its rows are gone. */
  public void dropped(Fold fold) {
    changed(fold, (found, all) -> found.drop());
  }

  /**
   * Until when nobody but processes of its own release can have fed it.
   *
   * @param time null if the fold feeds it
   */
  void fedUntil(Fold fold, @Nullable Instant time) {
    changed(fold, (found, all) -> found.fedUntil(time));
  }

  /** Reads again what generations there are. */
  @Scheduled(fixedDelayString = "${logfold.replay.refresh:250ms}")
  void refresh() {
    try {
      refreshed();
    } catch (DataAccessException | TransactionException e) {
      log.debug("The database is away: {}", e.getMessage());
    }
  }

  /** The version of a projection as it is, or -1 of one that is not declared. */
  private int version(String projection) {
    Map<String, Integer> declared = versions;
    if (declared.isEmpty()) {
      declared =
          projections.stream().collect(Collectors.toMap(Projection::name, Projection::version));
      versions = declared;
    }
    return declared.getOrDefault(projection, -1);
  }

  private Generation move(Fold fold, State next, State... expected) {
    return changed(
        fold,
        (found, all) -> {
          require(found, next, expected);
          found.move(next, clock.instant());
        });
  }

  private static void require(ProjectionGeneration found, State next, State... expected) {
    if (!List.of(expected).contains(found.state())) {
      throw new IllegalStateException(
          "%s is %s, so it cannot become %s."
              .formatted(found.toGeneration().fold().id(), text(found.state()), text(next)));
    }
  }

  private static String text(State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private interface Change {
    void apply(ProjectionGeneration found, List<ProjectionGeneration> all);
  }

  private Generation changed(Fold fold, Change change) {
    return changed(
        fold.name(),
        all -> {
          ProjectionGeneration found =
              all.stream()
                  .filter(each -> each.number() == fold.generation())
                  .findFirst()
                  .orElseThrow(
                      () -> new IllegalStateException("There is no generation " + fold.id() + "."));
          change.apply(found, all);
          return found;
        });
  }

  private interface Action {
    ProjectionGeneration apply(List<ProjectionGeneration> all);
  }

  @SuppressWarnings("NullAway") // a callback that answers something has an answer
  private Generation changed(String name, Action action) {
    Generation changed = transaction.execute(status -> action.apply(locked(name)).toGeneration());
    known = Map.of();
    return changed;
  }

  private void change(Consumer<Object> action) {
    transaction.executeWithoutResult(action::accept);
    known = Map.of();
  }

  /** All of a projection, kept from every other writer until the transaction ends. */
  private List<ProjectionGeneration> locked(String name) {
    return entities
        .createQuery(OF_PROJECTION, ProjectionGeneration.class)
        .setParameter("name", name)
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultList();
  }

  @SuppressWarnings("NullAway") // a callback that answers something has an answer
  private Map<String, List<Generation>> refreshed() {
    Map<String, List<Generation>> read =
        transaction.execute(
            status ->
                entities.createQuery(ALL, ProjectionGeneration.class).getResultList().stream()
                    .map(ProjectionGeneration::toGeneration)
                    .sorted(OLDEST_FIRST)
                    .collect(Collectors.groupingBy(each -> each.fold().name())));
    known = read;
    return read;
  }
}
