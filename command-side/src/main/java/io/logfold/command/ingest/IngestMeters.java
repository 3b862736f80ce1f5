package io.logfold.command.ingest;

import io.logfold.api.ingest.RejectedLine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * What came in and what became of it, on this node since it started.
 *
 * <p>{@code logfold.ingest.lines} counts lines whose request was read: {@code accepted} once Kafka
 * acknowledged them, {@code rejected} when they were no access logs, {@code unknown} when Kafka did
 * not acknowledge them, in time or at all. The unique lines of the read side's ledger lie between
 * accepted and accepted + unknown, summed over all nodes; a growing {@code unknown} means that
 * Kafka is in trouble.
 *
 * <p>{@code logfold.ingest.rejected} counts the rejected lines again, by reason. {@code
 * logfold.ingest.requests} counts requests by the status they were answered with and by the reason
 * for it ({@code none} for success): a body that is refused whole, unread, moves this one alone.
 */
@Component
class IngestMeters {

  static final String LINES = "logfold.ingest.lines";
  static final String REJECTED = "logfold.ingest.rejected";
  static final String REQUESTS = "logfold.ingest.requests";

  private final MeterRegistry meters;
  private final Counter accepted;
  private final Counter rejected;
  private final Counter unknown;

  IngestMeters(MeterRegistry meters) {
    this.meters = meters;
    this.accepted = meters.counter(LINES, "outcome", "accepted");
    this.rejected = meters.counter(LINES, "outcome", "rejected");
    this.unknown = meters.counter(LINES, "outcome", "unknown");
  }

  void accepted(int lines) {
    accepted.increment(lines);
  }

  void unknown(int lines) {
    unknown.increment(lines);
  }

  void rejected(List<RejectedLine> lines) {
    rejected.increment(lines.size());
    lines.forEach(line -> meters.counter(REJECTED, "code", line.code()).increment());
  }

  void answered(int status, String code) {
    meters.counter(REQUESTS, "answer", Integer.toString(status), "code", code).increment();
  }
}
