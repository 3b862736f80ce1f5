package io.logfold.api.ingest;

import io.logfold.api.AccessLog;
import java.util.List;
import org.axonframework.commandhandling.RoutingKey;
import org.jspecify.annotations.Nullable;

/**
 * Take in what one HTTP request brought. It succeeds once every log of {@code logs} is on the event
 * log, acknowledged by all in-sync replicas.
 *
 * @param request the request's identity, see {@link RequestId}
 * @param body hash of the request's whole body, or null for a request without a key
 * @param source what the request as a whole calls its sender
 * @param logs the lines that could be read, in the order sent
 * @param rejected the lines that could not, in the order sent
 */
public record ReceiveLogs(
    @RoutingKey String request,
    @Nullable String body,
    String source,
    List<Line> logs,
    List<RejectedLine> rejected) {

  /**
   * A log and where it stood.
   *
   * @param line the line's number in its request, from 1
   * @param log what it said
   */
  public record Line(int line, AccessLog log) {}
}
