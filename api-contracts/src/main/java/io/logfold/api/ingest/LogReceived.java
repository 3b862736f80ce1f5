package io.logfold.api.ingest;

import io.logfold.api.AccessLog;
import org.axonframework.serialization.Revision;
import org.jspecify.annotations.Nullable;

/**
 * An access log was taken in. One event, and one Kafka record, a log.
 *
 * @param request identity of the request that brought it, see {@link RequestId}
 * @param line its line in that request, from 1; (request, line) names a log for ever
 * @param body hash of the request's whole body, so that a key used for another body is noticed;
 *     null for a request without a key
 * @param log what was logged
 */
@Revision("1")
public record LogReceived(String request, int line, @Nullable String body, AccessLog log) {}
