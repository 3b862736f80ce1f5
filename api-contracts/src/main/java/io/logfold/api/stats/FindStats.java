package io.logfold.api.stats;

import org.jspecify.annotations.Nullable;

/**
 * How much traffic was there, how slow was it, which requests failed?
 *
 * @param range the rolling range asked about
 * @param source one source, or null for all of them together
 */
public record FindStats(StatsRange range, @Nullable String source) {}
