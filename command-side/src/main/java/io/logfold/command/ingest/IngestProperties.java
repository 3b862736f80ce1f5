package io.logfold.command.ingest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What one request, and all of them together, may cost.
 *
 * @param maxBody a request's body as sent, that is compressed if it is
 * @param maxUnpackedBody the same body decompressed
 * @param maxLine one line, or one text element of an array; longer ones are rejected alone
 * @param maxLines lines of one request
 * @param maxReadTime how long a sender may take to send a body
 * @param maxRequestsInFlight requests read or waiting for Kafka at once; below the server's number
 *     of threads, so that there is one left to refuse the next
 * @param maxBytesInFlight memory held for these by estimate: three times the decompressed body and
 *     1 KB a line; null for 40 % of the heap's maximum, 512 MB at most
 * @param maxSources sources with a name of their own; later ones are called {@code (other)}
 * @param keyMemory how long an {@code Idempotency-Key} is remembered to notice another body
 * @param maxKeys how many of these keys at most; each takes up to 400 bytes
 */
@ConfigurationProperties("logfold.ingest")
record IngestProperties(
    @DefaultValue("8MB") DataSize maxBody,
    @DefaultValue("32MB") DataSize maxUnpackedBody,
    @DefaultValue("64KB") DataSize maxLine,
    @DefaultValue("10000") int maxLines,
    @DefaultValue("30s") Duration maxReadTime,
    @DefaultValue("128") int maxRequestsInFlight,
    @Nullable DataSize maxBytesInFlight,
    @DefaultValue("1000") int maxSources,
    @DefaultValue("15m") Duration keyMemory,
    @DefaultValue("100000") long maxKeys) {}
