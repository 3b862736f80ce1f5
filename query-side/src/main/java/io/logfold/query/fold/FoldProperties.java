package io.logfold.query.fold;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the fold.
 *
 * @param segments parts the work is shared in, among threads and processes; fixed by the first
 *     start on a database
 * @param threads threads that fold
 * @param batchSize chunks of up to 100 logs that a transaction takes at most
 * @param keyMemory how long an opaque {@code Idempotency-Key} is remembered, in append time
 */
@ConfigurationProperties("logfold.fold")
record FoldProperties(
    @DefaultValue("2") int segments,
    @DefaultValue("2") int threads,
    @DefaultValue("100") int batchSize,
    @DefaultValue("15m") Duration keyMemory) {}
