package io.logfold.api.ingest;

import java.util.List;
import java.util.SortedMap;
import org.axonframework.serialization.Revision;
import org.jspecify.annotations.Nullable;

/**
 * Some lines of a request were refused. One event a request, so that the log itself accounts for
 * every line that was sent.
 *
 * @param request identity of the request, see {@link RequestId}
 * @param body hash of the request's whole body, see {@link LogReceived#body()}
 * @param source what the request as a whole calls its sender
 * @param countByCode refused lines by {@link RejectedLine#code()}
 * @param samples the first few of them
 */
@Revision("1")
public record LogsRejected(
    String request,
    @Nullable String body,
    String source,
    SortedMap<String, Integer> countByCode,
    List<RejectedLine> samples) {}
