package io.logfold.api.ingest;

import io.logfold.api.AccessLog;
import org.axonframework.serialization.Revision;

/**
 * An access log was taken in. One event, and one Kafka record, a log.
 *
 * @param request identity of the request that brought it, see {@link RequestId}
 * @param line its line in that request, from 1; (request, line) names a log for ever
 * @param log what was logged
 */
@Revision("1")
public record LogReceived(String request, int line, AccessLog log) {}
