package io.logfold.query.alertrules;

import io.logfold.api.alerts.AlertRuleEvent;
import io.logfold.api.alerts.AlertRuleReport;
import io.logfold.api.alerts.AlertRuleReport.State;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.query.alertrules.AlertRuleTable.Row;
import io.logfold.query.domainevents.DomainEventProjection;
import io.logfold.query.fold.FeedPositionTable;
import io.logfold.query.fold.GenerationDiff;
import io.logfold.query.fold.Generations;
import io.logfold.query.fold.RowDifferenceTable;
import io.logfold.query.fold.RowDifferenceTable.Columns;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.stereotype.Component;

/** A row for each alert rule that was ever defined. */
@Component
@ProcessingGroup(DomainEventProjection.PROCESSOR)
class AlertRuleProjection extends DomainEventProjection {

  static final String NAME = "alert-rules";

  private static final Columns COLUMNS =
      new Columns(
          "alert_rule", List.of("rule_id"), List.of("state", "definition", "last_sequence"));

  private final AlertRuleTable table;
  private final RowDifferenceTable differences;

  AlertRuleProjection(
      AlertRuleTable table,
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
    return "every rule";
  }

  @Override
  public void clear(int generation) {
    table.clear(generation);
  }

  @Override
  public GenerationDiff compare(int before, int after) {
    return new GenerationDiff(
        List.of(), List.of(differences.rows(differences.steps(COLUMNS, before, after))));
  }

  @EventHandler
  void on(AlertRuleEvent.Defined event, @SequenceNumber long sequence, @Timestamp Instant at) {
    for (int generation : written()) {
      if (table.find(generation, event.ruleId()) == null) {
        AlertRuleReport rule =
            new AlertRuleReport(event.ruleId(), event.rule(), State.ACTIVE, at, at);
        table.save(generation, new Row(rule, sequence));
      }
    }
  }

  @EventHandler
  void on(AlertRuleEvent.Changed event, @SequenceNumber long sequence, @Timestamp Instant at) {
    change(event, sequence, known -> changed(known, event.rule(), at));
  }

  @EventHandler
  void on(AlertRuleEvent.Paused event, @SequenceNumber long sequence, @Timestamp Instant at) {
    change(event, sequence, known -> moved(known, State.PAUSED, at));
  }

  @EventHandler
  void on(AlertRuleEvent.Resumed event, @SequenceNumber long sequence, @Timestamp Instant at) {
    change(event, sequence, known -> moved(known, State.ACTIVE, at));
  }

  @EventHandler
  void on(AlertRuleEvent.Retired event, @SequenceNumber long sequence, @Timestamp Instant at) {
    change(event, sequence, known -> moved(known, State.RETIRED, at));
  }

  private void change(AlertRuleEvent event, long sequence, UnaryOperator<AlertRuleReport> change) {
    for (int generation : written()) {
      Row known = table.find(generation, event.ruleId());
      if (known != null && known.lastSequence() < sequence) {
        table.save(generation, new Row(change.apply(known.rule()), sequence));
      }
    }
  }

  private static AlertRuleReport changed(AlertRuleReport known, RuleDefinition rule, Instant at) {
    return new AlertRuleReport(known.ruleId(), rule, known.state(), known.since(), at);
  }

  private static AlertRuleReport moved(AlertRuleReport known, State state, Instant at) {
    return new AlertRuleReport(known.ruleId(), known.rule(), state, at, known.changedAt());
  }
}
