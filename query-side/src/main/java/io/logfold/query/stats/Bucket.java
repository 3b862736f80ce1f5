package io.logfold.query.stats;

import java.time.Instant;

/**
 * Which requests a row counts, within a generation.
 *
 * @param start beginning of the minute or hour, UTC
 * @param source who logged them
 * @param part the Kafka partition they came through: one writer a row
 */
record Bucket(Granularity granularity, Instant start, String source, int part) {}
