package io.logfold.api.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of the lines that the log took in during a span of time?
 *
 * @param from beginning of the first minute of append time
 * @param until beginning of the minute after the last
 * @param source one source, or null for all
 */
public record FindLedger(Instant from, Instant until, @Nullable String source) {}
