package io.logfold.query.replay;

import io.logfold.query.fold.Feeding;
import io.logfold.query.fold.Fold;
import io.logfold.query.fold.Generation;
import io.logfold.query.fold.Generation.State;
import io.logfold.query.fold.Generation.Switching;
import io.logfold.query.fold.GenerationDiff;
import io.logfold.query.fold.Generations;
import io.logfold.query.fold.Projection;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Builds read models anew beside those that answer, lets them take the others' place, and gives it
 * back. What is under way is all in the database: any process goes on with it.
 */
@Component
public class Replays {

  private static final Logger log = LoggerFactory.getLogger(Replays.class);

  /** Records behind the fold that a generation may be which only its own release can feed. */
  private static final long LEVEL = 10_000;

  private final Generations generations;
  private final List<Projection> projections;
  private final List<Feeding> feedings;
  private final ReplayProgress progress;
  private final CacheManager answers;
  private final TransactionTemplate oneMoment;
  private final ReplayProperties properties;
  private final Clock clock;
  private boolean upToDate;
  private boolean failing;

  Replays(
      Generations generations,
      List<Projection> projections,
      List<Feeding> feedings,
      ReplayProgress progress,
      CacheManager answers,
      PlatformTransactionManager transactions,
      ReplayProperties properties,
      Clock clock) {
    this.generations = generations;
    this.projections = projections;
    this.feedings = feedings;
    this.progress = progress;
    this.answers = answers;
    this.oneMoment = new TransactionTemplate(transactions);
    oneMoment.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    oneMoment.setReadOnly(true);
    this.properties = properties;
    this.clock = clock;
  }

  /** The names of what can be replayed. */
  List<String> names() {
    return projections.stream().map(Projection::name).sorted().toList();
  }

  /** Every replay there was, the newest first. */
  List<Generation> all() {
    return generations.all().stream()
        .filter(each -> each.fold().generation() > 1)
        .sorted(Comparator.comparing(Generation::begun).reversed())
        .toList();
  }

  /**
   * Begins to build a projection anew.
   *
   * @param readFrom the append time from which the log is read, or null for all of it
   * @throws IllegalStateException if one is being built already
   * @throws KafkaException if Kafka does not answer
   */
  public Generation begin(
      String name, @Nullable String note, @Nullable Instant readFrom, Switching switching) {
    Projection projection = projection(name);
    Feeding feeding = feeding(projection);
    Map<Integer, Long> first = feeding.beginnings(readFrom);
    Generation begun =
        generations.begin(
            projection, note, readFrom, switching, fold -> feeding.begin(fold, first));
    log.info("{} is built from the log: {}.", begun.fold().id(), note == null ? "asked for" : note);
    return begun;
  }

  /** What a switch would change. */
  ReplayDiff diff(Generation replay) {
    Fold fold = replay.fold();
    int before = Objects.requireNonNullElse(replay.replaced(), generations.live(fold.name()));
    GenerationDiff diff =
        Objects.requireNonNull(
            oneMoment.execute(
                status -> projection(fold.name()).compare(before, fold.generation())));
    return ReplayDiff.of(fold.id(), new Fold(fold.name(), before).id(), diff);
  }

  /**
   * Lets a replay's rows answer.
   *
   * @throws IllegalStateException if it is not ready
   */
  public Generation switchTo(Fold fold) {
    long behind = feeding(projection(fold.name())).behind(fold);
    if (behind > LEVEL) {
      throw new IllegalStateException(
          "%s is %,d records behind; ask again when it has caught up."
              .formatted(fold.id(), behind));
    }
    Generation switched = generations.switchTo(fold, properties.keep());
    forgetAnswers(fold);
    log.info(
        "{} answers now; {} is kept for {}.", fold.id(), switched.replaced(), properties.keep());
    return switched;
  }

  /**
   * Lets the rows answer again that a replay took the place of.
   *
   * @throws IllegalStateException if it does not answer, or the others are gone
   */
  public Generation rollBack(Fold fold) {
    Generation rolledBack = generations.rollBack(fold, properties.keep());
    forgetAnswers(fold);
    log.info("{} answers no more; the one before does.", fold.id());
    return rolledBack;
  }

  /**
   * Ends a replay that is not wanted. Its rows go at once, or when the database is there again.
   *
   * @throws IllegalStateException if it has been switched to
   */
  public Generation cancel(Fold fold) {
    return generations.cancel(fold);
  }

  /** Goes on with everything that is under way. */
  @Scheduled(fixedDelayString = "${logfold.replay.every:500ms}")
  public synchronized void look() {
    try {
      if (!upToDate) {
        rebuildWhatIsOutdated();
        upToDate = true;
      }
      feedings.forEach(Feeding::look);
      List<Generation> all = generations.all();
      progress.retain(all.stream().filter(Replays::isBuilding).map(Generation::fold).toList());
      all.forEach(this::goOnUnlessOvertaken);
      failing = false;
    } catch (DataAccessException | TransactionException | KafkaException e) {
      if (!failing) {
        log.warn("Replays cannot go on; it is tried again: {}", e.toString());
      }
      failing = true;
    }
  }

  private static boolean isBuilding(Generation generation) {
    return generation.state() == State.BUILDING;
  }

  /** Another process may have been quicker, or somebody wants something else of it by now. */
  private void goOnUnlessOvertaken(Generation generation) {
    try {
      goOn(generation);
    } catch (IllegalStateException e) {
      log.debug("{} is looked at again: {}", generation.fold().id(), e.getMessage());
    }
  }

  private void goOn(Generation generation) {
    switch (generation.state()) {
      case BUILDING -> {
        progress.sample(generation.fold());
        if (isLevel(generation)) {
          generations.ready(generation.fold());
          log.info("{} is ready.", generation.fold().id());
        }
      }
      case READY -> switchIfAsked(generation);
      case KEPT, ROLLED_BACK -> {
        if (isOver(generation) && isStillOver(generation.fold())) {
          drop(generation);
        }
      }
      case CANCELLED, FAILED -> {
        if (!generation.dropped()) {
          drop(generation);
        }
      }
      case LIVE -> {}
    }
  }

  private boolean isOver(Generation generation) {
    Instant until = generation.keptUntil();
    return switch (generation.state()) {
      case KEPT, ROLLED_BACK ->
          !generation.dropped() && until != null && !until.isAfter(clock.instant());
      default -> false;
    };
  }

  /** Dropping takes long: somebody may have gone back to the next one meanwhile. */
  private boolean isStillOver(Fold fold) {
    return generations.all().stream().anyMatch(each -> each.fold().equals(fold) && isOver(each));
  }

  /** It is fed by the fold in every partition; or by its own release, which has nothing more. */
  private boolean isLevel(Generation generation) {
    Fold fold = generation.fold();
    return generations.canFeed(fold) && feeding(projection(fold.name())).behind(fold) == 0;
  }

  private void switchIfAsked(Generation ready) {
    if (ready.switching() == Switching.WHEN_READY) {
      switchTo(ready.fold());
    } else if (ready.switching() == Switching.WHEN_EQUAL && ready.reason() == null) {
      ReplayDiff diff = diff(ready);
      if (diff.equal()) {
        switchTo(ready.fold());
      } else {
        generations.note(ready.fold(), "It does not switch by itself: " + diff.summary());
      }
    }
  }

  private void drop(Generation generation) {
    Fold fold = generation.fold();
    Projection projection = projection(fold.name());
    feeding(projection).end(fold);
    projection.clear(fold.generation());
    generations.dropped(fold);
    log.info("The rows of {} are gone.", fold.id());
  }

  /** A new release or another setting may mean other rows. */
  private void rebuildWhatIsOutdated() {
    for (Projection projection : projections) {
      List<Generation> all = generations.of(projection.name());
      if (all.stream().noneMatch(each -> isWanted(each, projection) || isNewer(each, projection))) {
        all.stream()
            .filter(each -> isBuilding(each) || each.state() == State.READY)
            .forEach(other -> cancel(other.fold()));
        begin(projection.name(), "its rule or release changed", null, Switching.WHEN_READY);
      }
    }
  }

  /** Built like this, and answering, on its way to it, or sent back on purpose. */
  private static boolean isWanted(Generation generation, Projection projection) {
    return generation.isBuiltLike(projection)
        && !generation.dropped()
        && switch (generation.state()) {
          case LIVE, BUILDING, READY, ROLLED_BACK -> true;
          case KEPT, CANCELLED, FAILED -> false;
        };
  }

  /** A later release is being deployed: this process is of the one before. */
  private static boolean isNewer(Generation generation, Projection projection) {
    return generation.state() == State.LIVE && generation.version() > projection.version();
  }

  private void forgetAnswers(Fold fold) {
    Cache kept = answers.getCache(fold.name());
    if (kept != null) {
      kept.clear();
    }
  }

  private Projection projection(String name) {
    return projections.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("There is no projection '%s'.".formatted(name)));
  }

  private Feeding feeding(Projection projection) {
    return feedings.stream().filter(each -> each.isFor(projection)).findFirst().orElseThrow();
  }
}
