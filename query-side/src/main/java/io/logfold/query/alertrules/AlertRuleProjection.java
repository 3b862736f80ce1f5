package io.logfold.query.alertrules;

import io.logfold.api.alerts.AlertRuleEvent;
import io.logfold.api.alerts.AlertRuleReport;
import io.logfold.api.alerts.AlertRuleReport.State;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.query.alertrules.AlertRuleTable.Row;
import io.logfold.query.domainevents.DomainEventProjection;
import io.logfold.query.fold.Generations;
import java.time.Instant;
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

  private final AlertRuleTable table;

  AlertRuleProjection(AlertRuleTable table, Generations generations) {
    super(generations);
    this.table = table;
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

  @EventHandler
  void on(AlertRuleEvent.Defined event, @SequenceNumber long sequence, @Timestamp Instant at) {
    int generation = generation();
    if (table.find(generation, event.ruleId()) == null) {
      AlertRuleReport rule =
          new AlertRuleReport(event.ruleId(), event.rule(), State.ACTIVE, at, at);
      table.save(generation, new Row(rule, sequence));
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
    int generation = generation();
    Row known = table.find(generation, event.ruleId());
    if (known != null && known.lastSequence() < sequence) {
      table.save(generation, new Row(change.apply(known.rule()), sequence));
    }
  }

  private static AlertRuleReport changed(AlertRuleReport known, RuleDefinition rule, Instant at) {
    return new AlertRuleReport(known.ruleId(), rule, known.state(), known.since(), at);
  }

  private static AlertRuleReport moved(AlertRuleReport known, State state, Instant at) {
    return new AlertRuleReport(known.ruleId(), known.rule(), state, at, known.changedAt());
  }
}
