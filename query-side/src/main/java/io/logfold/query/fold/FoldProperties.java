package io.logfold.query.fold;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the fold.
 *
 * @param segments parts the work is shared in, among threads and processes; fixed by the first
 *     start on a database
 * @param threads threads that fold
 * @param batchSize chunks of up to 500 logs that a transaction takes at most
 * @param keyMemory how long an opaque {@code Idempotency-Key} is remembered, in append time
 * @param maxKeysPerPartition and how many of them at most, of each partition of the log
 * @param maxUnfolded bytes of records that were read and are not folded yet; half of it for each
 *     rebuild
 * @param maxDeadLetters how many logs of a partition a projection may fail for, beyond one in ten,
 *     before it stops
 * @param rebuildThreads threads that fold the log again for a generation, beside those
 * @param rebuildRest how many times as long as its last transaction such a thread rests when
 *     somebody was answered or logs were folded meanwhile
 * @param acceptLostLogs whether a database without any rows may be filled from a log that has lost
 *     its beginning
 */
@ConfigurationProperties("logfold.fold")
record FoldProperties(
    @DefaultValue("4") int segments,
    @DefaultValue("2") int threads,
    @DefaultValue("8") int batchSize,
    @DefaultValue("15m") Duration keyMemory,
    @DefaultValue("250000") int maxKeysPerPartition,
    @DefaultValue("2MB") DataSize maxUnfolded,
    @DefaultValue("1000") int maxDeadLetters,
    @DefaultValue("1") int rebuildThreads,
    @DefaultValue("3") double rebuildRest,
    @DefaultValue("false") boolean acceptLostLogs) {}
