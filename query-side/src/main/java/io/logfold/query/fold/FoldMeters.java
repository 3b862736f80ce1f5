package io.logfold.query.fold;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * The ledger as metrics: {@code logfold.ledger.lines} by fold and entry, counted when a transaction
 * has committed, of the generations that answer. Unlike the ledger it begins at 0 with each start.
 */
@Component
class FoldMeters {

  private record Name(String fold, String entry) {}

  private final MeterRegistry metrics;
  private final Generations generations;
  private final Map<Name, Counter> counters = new ConcurrentHashMap<>();

  FoldMeters(MeterRegistry metrics, Generations generations) {
    this.metrics = metrics;
    this.generations = generations;
  }

  void folded(LedgerSheet sheet) {
    sheet
        .tallies()
        .forEach(
            (heading, tally) -> {
              if (isAnswering(heading.fold())) {
                tally.forEach(
                    (entry, lines) ->
                        counter(heading.fold().name(), entry).increment((double) lines));
              }
            });
  }

  private boolean isAnswering(Fold fold) {
    return fold.equals(Fold.REQUESTS) || fold.generation() == generations.live(fold.name());
  }

  private Counter counter(String fold, String entry) {
    return counters.computeIfAbsent(
        new Name(fold, entry),
        name ->
            metrics.counter("logfold.ledger.lines", "fold", name.fold(), "entry", name.entry()));
  }
}
