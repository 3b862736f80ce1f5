package io.logfold.query.ledger;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.logfold.api.ledger.FindLedger;
import io.logfold.api.ledger.LedgerReport;
import io.logfold.query.web.Parameters;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /ledger}: what became of every line on the log. */
@RestController
class LedgerController {

  private final QueryGateway queries;
  private final Clock clock;

  LedgerController(QueryGateway queries, Clock clock) {
    this.queries = queries;
    this.clock = clock;
  }

  /** The report and the whole minutes of append time it is about. */
  record Ledger(
      Instant from, Instant to, @Nullable String source, @JsonUnwrapped LedgerReport ledger) {}

  @GetMapping("/ledger")
  CompletableFuture<ResponseEntity<Ledger>> find(@RequestParam MultiValueMap<String, String> raw) {
    FindLedger query = query(raw);
    return queries
        .query(query, LedgerReport.class)
        .thenApply(
            report ->
                ResponseEntity.ok()
                    .cacheControl(CacheControl.noStore())
                    .body(new Ledger(query.from(), query.until(), query.source(), report)));
  }

  /** Without from and to it is about the whole log. */
  private FindLedger query(MultiValueMap<String, String> raw) {
    Parameters parameters = new Parameters(raw, "from", "to", "source");
    Instant from = parameters.time("from");
    Instant to = parameters.time("to");
    parameters.requireOrder("from", from, "to", to);
    return new FindLedger(
        minute(from == null ? Instant.EPOCH : from),
        minute(to == null ? clock.instant().plus(1, ChronoUnit.DAYS) : to)
            .plus(1, ChronoUnit.MINUTES),
        parameters.text("source", 64));
  }

  private static Instant minute(Instant time) {
    return time.truncatedTo(ChronoUnit.MINUTES);
  }
}
