package io.logfold.query.fold;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * A log that has lost its beginning ends a start with a sentence, not a stack trace. Found through
 * {@code META-INF/spring.factories}.
 */
class LostLogsAnalyzer extends AbstractFailureAnalyzer<LostLogs> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, LostLogs lost) {
    return new FailureAnalysis(
        lost.getMessage(),
        "Restore the database that was folded from it, or set logfold.fold.accept-lost-logs=true to have the read models without what is missing.",
        lost);
  }
}
