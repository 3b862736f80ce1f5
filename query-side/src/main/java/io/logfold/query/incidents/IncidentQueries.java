package io.logfold.query.incidents;

import io.logfold.api.incidents.FindIncident;
import io.logfold.api.incidents.FindIncidents;
import io.logfold.api.incidents.IncidentHistory;
import io.logfold.api.incidents.IncidentList;
import io.logfold.query.fold.Generations;
import java.time.Clock;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Answers which incidents there were; never from a cache: who asks looks after one just now. */
@Component
class IncidentQueries {

  private final IncidentTable table;
  private final Generations generations;
  private final Clock clock;

  IncidentQueries(IncidentTable table, Generations generations, Clock clock) {
    this.table = table;
    this.generations = generations;
    this.clock = clock;
  }

  @QueryHandler
  @Transactional(readOnly = true)
  public IncidentList handle(FindIncidents query) {
    int generation = generations.live(IncidentProjection.NAME);
    return new IncidentList(
        table.find(generation, query), table.count(generation, query), clock.instant());
  }

  @QueryHandler
  @Transactional(readOnly = true)
  public Optional<IncidentHistory> handle(FindIncident query) {
    int generation = generations.live(IncidentProjection.NAME);
    return Optional.ofNullable(table.find(generation, query.incidentId()))
        .map(
            row ->
                new IncidentHistory(
                    row.incident(), table.timeline(generation, query.incidentId())));
  }
}
