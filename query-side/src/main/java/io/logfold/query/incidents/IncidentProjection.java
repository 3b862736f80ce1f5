package io.logfold.query.incidents;

import io.logfold.api.alerts.RuleDefinition;
import io.logfold.api.alerts.ThresholdEvent.Crossed;
import io.logfold.api.incidents.IncidentEvent;
import io.logfold.api.incidents.IncidentHistory.Entry;
import io.logfold.api.incidents.IncidentHistory.What;
import io.logfold.api.incidents.IncidentReport;
import io.logfold.api.incidents.IncidentReport.State;
import io.logfold.query.domainevents.DomainEventProjection;
import io.logfold.query.fold.FeedPositionTable;
import io.logfold.query.fold.GenerationDiff;
import io.logfold.query.fold.Generations;
import io.logfold.query.fold.RowDifferenceTable;
import io.logfold.query.fold.RowDifferenceTable.Columns;
import io.logfold.query.incidents.IncidentTable.Row;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A row for each incident and a line of its timeline for each of its events. */
@Component
@ProcessingGroup(DomainEventProjection.PROCESSOR)
class IncidentProjection extends DomainEventProjection {

  static final String NAME = "incidents";

  private static final Columns INCIDENTS =
      new Columns("incident", List.of("incident_id"), List.of("state", "worst", "last_sequence"));

  private static final Columns ENTRIES =
      new Columns("incident_entry", List.of("incident_id", "sequence"), List.of("what"));

  private final IncidentTable table;
  private final RowDifferenceTable differences;

  IncidentProjection(
      IncidentTable table,
      RowDifferenceTable differences,
      Generations generations,
      FeedPositionTable feeds) {
    super(generations, feeds);
    this.table = table;
    this.differences = differences;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String rule() {
    return "every incident";
  }

  @Override
  public void clear(int generation) {
    table.clear(generation);
  }

  @Override
  public GenerationDiff compare(int before, int after) {
    return new GenerationDiff(
        List.of(),
        List.of(
            differences.rows(differences.steps(INCIDENTS, before, after)),
            differences.rows(differences.steps(ENTRIES, before, after))));
  }

  @EventHandler
  void on(IncidentEvent.Opened event, @SequenceNumber long sequence, @Timestamp Instant at) {
    for (int generation : written()) {
      if (table.find(generation, event.incidentId()) == null) {
        table.save(generation, new Row(opened(event), sequence));
        table.add(
            generation, event.incidentId(), crossed(sequence, at, What.OPENED, event.crossing()));
      }
    }
  }

  @EventHandler
  void on(IncidentEvent.Worsened event, @SequenceNumber long sequence, @Timestamp Instant at) {
    change(
        event,
        crossed(sequence, at, What.WORSENED, event.crossing()),
        known -> moved(known, known.state(), null, worse(known, event.crossing())));
  }

  @EventHandler
  void on(IncidentEvent.Acknowledged event, @SequenceNumber long sequence, @Timestamp Instant at) {
    change(
        event,
        new Entry(sequence, at, What.ACKNOWLEDGED, null, null, event.who(), noted(event.note())),
        known -> acknowledged(known, event.who()));
  }

  @EventHandler
  void on(IncidentEvent.Escalated event, @SequenceNumber long sequence, @Timestamp Instant at) {
    change(
        event,
        crossed(sequence, at, What.ESCALATED, event.worst()),
        known -> moved(known, known.state(), null, event.worst().value()));
  }

  @EventHandler
  void on(IncidentEvent.Resolved event, @SequenceNumber long sequence, @Timestamp Instant at) {
    String reason = event.resolution().name();
    change(
        event,
        new Entry(sequence, at, What.RESOLVED, event.until(), null, null, reason),
        known -> moved(known, State.RESOLVED, event.until(), event.worst().value()));
  }

  /** Nobody looks after it any more: whoever did thought it was over. */
  @EventHandler
  void on(IncidentEvent.Reopened event, @SequenceNumber long sequence, @Timestamp Instant at) {
    change(
        event,
        crossed(sequence, at, What.REOPENED, event.crossing()),
        known ->
            acknowledged(moved(known, State.OPEN, null, worse(known, event.crossing())), null));
  }

  private void change(IncidentEvent event, Entry entry, UnaryOperator<IncidentReport> change) {
    for (int generation : written()) {
      Row known = table.find(generation, event.incidentId());
      if (known != null && known.lastSequence() < entry.sequence()) {
        table.save(generation, new Row(change.apply(known.incident()), entry.sequence()));
        table.add(generation, event.incidentId(), entry);
      }
    }
  }

  private static Entry crossed(long sequence, Instant at, What what, Crossed crossing) {
    return new Entry(sequence, at, what, crossing.minute(), crossing.value(), null, null);
  }

  private static @Nullable String noted(String note) {
    return note.isEmpty() ? null : note;
  }

  private static double worse(IncidentReport known, Crossed crossing) {
    return known.measure().opensBelow()
        ? Math.min(known.worst(), crossing.value())
        : Math.max(known.worst(), crossing.value());
  }

  private static IncidentReport opened(IncidentEvent.Opened event) {
    Crossed crossing = event.crossing();
    RuleDefinition rule = crossing.rule();
    return new IncidentReport(
        event.incidentId(),
        crossing.ruleId(),
        rule.name(),
        crossing.scope(),
        rule.measure(),
        State.OPEN,
        crossing.minute(),
        null,
        rule.opensAt(),
        crossing.value(),
        null);
  }

  private static IncidentReport acknowledged(IncidentReport known, @Nullable String by) {
    return new IncidentReport(
        known.incidentId(),
        known.ruleId(),
        known.ruleName(),
        known.scope(),
        known.measure(),
        by == null ? State.OPEN : State.ACKNOWLEDGED,
        known.since(),
        known.until(),
        known.opensAt(),
        known.worst(),
        by);
  }

  private static IncidentReport moved(
      IncidentReport known, State state, @Nullable Instant until, double worst) {
    return new IncidentReport(
        known.incidentId(),
        known.ruleId(),
        known.ruleName(),
        known.scope(),
        known.measure(),
        state,
        known.since(),
        until,
        known.opensAt(),
        worst,
        known.acknowledgedBy());
  }
}
