package io.logfold.api.errorlog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which requests failed? A null filter does not filter. Newest first, by time, then by id.
 *
 * @param ip the whole address, in any case
 * @param status the HTTP status
 * @param method the whole method, in any case
 * @param path a part of the path, in any case
 * @param source the whole source
 * @param from the earliest time, inclusive
 * @param to the latest time, inclusive
 * @param limit rows to answer at most
 * @param offset rows to skip
 */
public record FindErrorLogs(
    @Nullable String ip,
    @Nullable Integer status,
    @Nullable String method,
    @Nullable String path,
    @Nullable String source,
    @Nullable Instant from,
    @Nullable Instant to,
    int limit,
    int offset) {}
