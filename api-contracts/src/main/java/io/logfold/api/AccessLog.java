package io.logfold.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request as the web server logged it.
 *
 * @param time when the request ended, UTC, millisecond precision; never before 1970 and never more
 *     than 5 minutes ahead of the receiver's clock
 * @param ip address of the client, or its host name where the server logged that; at most 255
 *     characters
 * @param method HTTP method in upper case; at most 32 characters
 * @param path path as the client sent it, without the query string; at most 2,048 characters
 * @param status HTTP status, 100 to 599
 * @param latencyMicros time to the last byte in microseconds, 0 or more; 0 when the format has none
 * @param source which service or server logged it; at most 64 characters
 * @param bytes size of the answer's body, or null if not logged
 * @param userAgent as sent, or null if the client sent none
 * @param referrer as sent, or null if the client sent none
 * @param host name the request was addressed to, or null if not logged
 * @param protocol such as {@code HTTP/1.1}, or null if not logged
 * @param route the path's template such as {@code /users/{id}}, or null if the sender knows none
 * @param traceId the trace the request belongs to, or null
 */
public record AccessLog(
    Instant time,
    String ip,
    String method,
    String path,
    int status,
    long latencyMicros,
    String source,
    @Nullable Long bytes,
    @Nullable String userAgent,
    @Nullable String referrer,
    @Nullable String host,
    @Nullable String protocol,
    @Nullable String route,
    @Nullable String traceId) {}
