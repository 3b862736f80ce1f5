package io.logfold.query.judging;

import io.logfold.api.alerts.ThresholdEvent;
import io.logfold.query.alertrules.ActiveRule;
import io.logfold.query.errorlog.ErrorLogTable;
import io.logfold.query.fold.FoldProgress;
import io.logfold.query.fold.Generations;
import io.logfold.query.judging.JudgingTable.Judged;
import io.logfold.query.judging.JudgingTable.Untold;
import io.logfold.query.judging.Watch.Finding;
import io.logfold.query.judging.Watch.KnownState;
import io.logfold.query.routes.RouteTable;
import io.logfold.query.routes.RouteTemplates;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Judges each minute once, when it is closed: its grace is over, and the fold holds everything that
 * was on the log by then. Of all processes on a database one judges at a time, whoever gets the
 * lock; a minute's findings, the states and how far minutes are judged are one transaction. What
 * was found is told from the database, in order, until it is told: at least once, with the same
 * content and id. So neither a crash nor a rebuild nor another process finds anything twice, and
 * nothing is lost.
 */
class Judging {

  private static final Logger log = LoggerFactory.getLogger(Judging.class);

  private static final String ROUTES = "routes";
  private static final String ERRORS = "error-log";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int TOLD_AT_ONCE = 100;

  private final JudgingTable table;
  private final Supplier<Optional<List<ActiveRule>>> rules;
  private final RouteTable routes;
  private final ErrorLogTable errors;
  private final Generations generations;
  private final FoldProgress fold;
  private final Teller teller;
  private final Serializer serializer;
  private final TransactionTemplate transaction;
  private final JudgingMeters meters;
  private final JudgingProperties properties;
  private final Clock clock;
  private @Nullable Watch watch;
  private boolean failing;

  /**
   * @param rules the rules that are active now, or empty while nobody knows
   */
  Judging(
      JudgingTable table,
      Supplier<Optional<List<ActiveRule>>> rules,
      RouteTable routes,
      ErrorLogTable errors,
      Generations generations,
      FoldProgress fold,
      Teller teller,
      Serializer serializer,
      TransactionTemplate transaction,
      JudgingMeters meters,
      JudgingProperties properties,
      Clock clock) {
    this.table = table;
    this.rules = rules;
    this.routes = routes;
    this.errors = errors;
    this.generations = generations;
    this.fold = fold;
    this.teller = teller;
    this.serializer = serializer;
    this.transaction = transaction;
    this.meters = meters;
    this.properties = properties;
    this.clock = clock;
  }

  /** Tells what is untold, then judges and tells minute by minute, as far as minutes are closed. */
  @Scheduled(
      initialDelayString = "${logfold.judging.every:2s}",
      fixedDelayString = "${logfold.judging.every:2s}")
  synchronized void run() {
    try {
      tellUntold();
      while (judgeNext()) {
        tellUntold();
      }
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        log.warn("Alert rules could not be judged; it is tried again: {}", e.toString());
      }
      failing = true;
    }
  }

  private void tellUntold() {
    boolean more = !table.untold(1).isEmpty();
    while (more) {
      more = Boolean.TRUE.equals(transaction.execute(status -> tellSome()));
    }
  }

  /** False if there is nothing more, or another process tells. */
  private boolean tellSome() {
    if (table.lock().isEmpty()) {
      return false;
    }
    List<Untold> untold = table.untold(TOLD_AT_ONCE);
    if (untold.isEmpty()) {
      return false;
    }
    teller.tell(untold.stream().<EventMessage<?>>map(each -> message(each.event())).toList());
    table.told(untold.get(untold.size() - 1).number());
    return true;
  }

  private EventMessage<?> message(SerializedObject<byte[]> found) {
    ThresholdEvent event = serializer.deserialize(found);
    return new GenericEventMessage<>(event.id(), event, MetaData.emptyInstance(), clock.instant());
  }

  /** False if no minute is closed that another process does not judge. */
  private boolean judgeNext() {
    Instant now = clock.instant();
    Judged before = table.judged();
    Instant minute = next(before, now);
    meters.judgedUntil(before.next() == null ? minute : before.next());
    Instant closes = minute.plus(MINUTE).plus(properties.grace());
    if (now.isBefore(closes)) {
      return before.next() == null && begin(minute);
    }
    Map<Integer, Long> nextOffsets = fold.before(closes);
    return fold.reached(ROUTES, nextOffsets) && judge(before, minute, nextOffsets);
  }

  private Instant next(Judged before, Instant now) {
    Instant current = now.truncatedTo(ChronoUnit.MINUTES);
    if (before.next() == null) {
      return current;
    }
    Instant oldest = current.minus(properties.catchUp()).truncatedTo(ChronoUnit.MINUTES);
    return before.next().isBefore(oldest) ? oldest : before.next();
  }

  /** The very first start: what was before is history. */
  private boolean begin(Instant minute) {
    transaction.executeWithoutResult(
        status -> {
          if (table.lock().filter(judged -> judged.next() == null).isPresent()) {
            table.judgedUntil(minute);
          }
        });
    return false;
  }

  private boolean judge(Judged before, Instant minute, Map<Integer, Long> nextOffsets) {
    long started = System.nanoTime();
    Optional<List<Finding>> findings = Optional.empty();
    try {
      findings = judgeLocked(before, minute, nextOffsets);
    } finally {
      if (findings.isEmpty()) {
        watch = null; // it may know of a minute that is not stored
      }
    }
    if (findings.isEmpty()) {
      return false;
    }
    meters.judged(findings.get(), Duration.ofNanos(System.nanoTime() - started));
    meters.judgedUntil(minute.plus(MINUTE));
    return true;
  }

  @SuppressWarnings("NullAway") // a callback that answers something has an answer
  private Optional<List<Finding>> judgeLocked(
      Judged before, Instant minute, Map<Integer, Long> nextOffsets) {
    return transaction.execute(
        status -> {
          Optional<List<ActiveRule>> active = rules.get();
          if (active.isEmpty() || table.lock().filter(before::equals).isEmpty()) {
            return Optional.empty();
          }
          Watch.Minute judged = watchFrom(before, minute).judge(active.get());
          if (!fold.reached(ROUTES, nextOffsets)) {
            status.setRollbackOnly(); // a rebuild began while the rows were read
            return Optional.empty();
          }
          store(minute, judged);
          return Optional.of(judged.findings());
        });
  }

  /** Goes on where this process was, or takes over from the tables. */
  private Watch watchFrom(Judged before, Instant minute) {
    if (watch == null || !watch.next().equals(minute)) {
      watch = new Watch(this::read, minute, states(before, minute));
    }
    return watch;
  }

  private void read(Instant from, Instant until, RouteTable.RouteReader reader) {
    routes.read(from, until, null, null, null, reader);
  }

  private List<KnownState> states(Judged before, Instant minute) {
    if (!minute.equals(before.next())) {
      log.warn(
          "Minutes from {} until {} are not judged: logfold.judging.catch-up is {}.",
          before.next(),
          minute,
          properties.catchUp());
      table.breakRows();
    }
    return table.states();
  }

  private void store(Instant minute, Watch.Minute judged) {
    Evidences evidences =
        new Evidences(
            routes, RouteTemplates.of(generations.rule(ROUTES)), errors, generations.live(ERRORS));
    table.drop(judged.gone());
    table.save(judged.states().values());
    table.add(
        judged.findings().stream()
            .map(finding -> serializer.serialize(event(finding, evidences), byte[].class))
            .toList());
    table.judgedUntil(minute.plus(MINUTE));
  }

  private static ThresholdEvent event(Finding finding, Evidences evidences) {
    String ruleId = finding.rule().ruleId();
    return finding.crossed()
        ? new ThresholdEvent.Crossed(
            ruleId,
            finding.rule().rule(),
            finding.scope(),
            finding.minute(),
            finding.value(),
            finding.requests(),
            evidences.of(finding))
        : new ThresholdEvent.Cleared(
            ruleId, finding.scope(), finding.minute(), finding.value(), finding.requests());
  }
}
