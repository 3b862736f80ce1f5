package io.logfold.query.errorlog;

import io.logfold.api.errorlog.ErrorLogPage;
import io.logfold.api.errorlog.FindErrorLogs;
import io.logfold.query.fold.Generation;
import io.logfold.query.fold.Generations;
import java.time.Clock;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Answers questions about single failed requests. */
@Component
class ErrorLogQueries {

  private final ErrorLogTable table;
  private final ErrorCountTable counts;
  private final Generations generations;
  private final Clock clock;

  ErrorLogQueries(
      ErrorLogTable table, ErrorCountTable counts, Generations generations, Clock clock) {
    this.table = table;
    this.counts = counts;
    this.generations = generations;
    this.clock = clock;
  }

  @QueryHandler
  @Cacheable(cacheNames = ErrorLogProjection.NAME, keyGenerator = "answerKeys", sync = true)
  @Transactional(readOnly = true)
  public ErrorLogPage handle(FindErrorLogs query) {
    Generation answering = generations.answering(ErrorLogProjection.NAME);
    return new ErrorLogPage(
        table.find(answering.fold().generation(), query),
        count(answering, query),
        generations.asOf(ErrorLogProjection.NAME, clock.instant()));
  }

  private long count(Generation answering, FindErrorLogs query) {
    int generation = answering.fold().generation();
    return answering.version() >= ErrorLogProjection.COUNTED && ErrorCountTable.counts(query)
        ? counts.count(generation, query)
        : table.count(generation, query);
  }
}
