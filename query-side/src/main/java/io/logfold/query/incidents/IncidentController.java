package io.logfold.query.incidents;

import io.logfold.api.incidents.FindIncident;
import io.logfold.api.incidents.FindIncidents;
import io.logfold.api.incidents.IncidentHistory;
import io.logfold.api.incidents.IncidentList;
import io.logfold.api.incidents.IncidentReport.State;
import io.logfold.query.web.NotFound;
import io.logfold.query.web.Parameters;
import java.util.concurrent.CompletableFuture;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /incidents}: what went wrong, newest first, and the whole history of each. */
@RestController
class IncidentController {

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 1_000;

  private final QueryGateway queries;

  IncidentController(QueryGateway queries) {
    this.queries = queries;
  }

  @GetMapping("/incidents")
  CompletableFuture<ResponseEntity<IncidentList>> find(
      @RequestParam MultiValueMap<String, String> raw) {
    return queries.query(query(raw), IncidentList.class).thenApply(IncidentController::fresh);
  }

  @GetMapping("/incidents/{id}")
  CompletableFuture<ResponseEntity<IncidentHistory>> find(@PathVariable("id") String id) {
    return queries
        .query(new FindIncident(id), ResponseTypes.optionalInstanceOf(IncidentHistory.class))
        .thenApply(
            found -> fresh(found.orElseThrow(() -> new NotFound("There is no such incident."))));
  }

  private static FindIncidents query(MultiValueMap<String, String> raw) {
    Parameters parameters = new Parameters(raw, "state", "from", "to", "limit");
    FindIncidents query =
        new FindIncidents(
            parameters.oneOf("state", State.class),
            parameters.time("from"),
            parameters.time("to"),
            parameters.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT));
    parameters.requireOrder("from", query.from(), "to", query.to());
    return query;
  }

  private static <T> ResponseEntity<T> fresh(T body) {
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
  }
}
