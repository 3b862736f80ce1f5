package io.logfold.query.ledger;

import io.logfold.api.ledger.FindLedger;
import io.logfold.api.ledger.LedgerReport;
import io.logfold.query.fold.Fold;
import io.logfold.query.fold.Generations;
import io.logfold.query.fold.LedgerEntry;
import io.logfold.query.fold.LedgerTable;
import io.logfold.query.fold.LogProjection;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Answers what became of the lines on the log; never from a cache, since it is asked in doubt. */
@Component
class LedgerQueries {

  private final LedgerTable table;
  private final Generations generations;
  private final List<LogProjection> projections;
  private final Clock clock;

  LedgerQueries(
      LedgerTable table, Generations generations, List<LogProjection> projections, Clock clock) {
    this.table = table;
    this.generations = generations;
    this.projections = projections;
    this.clock = clock;
  }

  @QueryHandler
  @Transactional(readOnly = true)
  public LedgerReport handle(FindLedger query) {
    Map<Fold, SortedMap<String, Long>> linesByFold =
        table.sum(query.from(), query.until(), query.source());
    SortedMap<String, Long> lines = of(linesByFold, Fold.REQUESTS);
    long unique = count(lines, LedgerEntry.UNIQUE);
    return new LedgerReport(
        lines.values().stream().mapToLong(Long::longValue).sum(),
        unique,
        count(lines, LedgerEntry.DUPLICATE),
        count(lines, LedgerEntry.KEY_REUSED),
        count(lines, LedgerEntry.UNREADABLE),
        rejected(lines),
        projections(linesByFold, unique),
        clock.instant());
  }

  private SortedMap<String, LedgerReport.Projection> projections(
      Map<Fold, SortedMap<String, Long>> linesByFold, long unique) {
    SortedMap<String, LedgerReport.Projection> reports = new TreeMap<>();
    for (LogProjection projection : projections) {
      Fold fold = new Fold(projection.name(), generations.live(projection.name()));
      SortedMap<String, Long> lines = of(linesByFold, fold);
      long folded = count(lines, LedgerEntry.FOLDED);
      long passedOver = count(lines, LedgerEntry.PASSED_OVER);
      long deadLettered = count(lines, LedgerEntry.DEAD_LETTERED);
      reports.put(
          projection.name(),
          new LedgerReport.Projection(
              folded, passedOver, deadLettered, unique - folded - passedOver - deadLettered));
    }
    return reports;
  }

  private static SortedMap<String, Long> rejected(SortedMap<String, Long> lines) {
    SortedMap<String, Long> byCode = new TreeMap<>();
    lines.forEach(
        (entry, count) ->
            LedgerEntry.rejectedCode(entry).ifPresent(code -> byCode.put(code, count)));
    return byCode;
  }

  private static long count(SortedMap<String, Long> lines, LedgerEntry entry) {
    return lines.getOrDefault(entry.text(), 0L);
  }

  private static SortedMap<String, Long> of(
      Map<Fold, SortedMap<String, Long>> linesByFold, Fold fold) {
    return linesByFold.getOrDefault(fold, Collections.emptySortedMap());
  }
}
