package io.logfold.command.alertrules;

import io.logfold.api.alerts.AlertRuleEvent;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.stereotype.Component;

/** Which rules are judged now, as the event store knows it: no read model is older or newer. */
@Component
public class ActiveRules {

  private final EventStore events;

  public ActiveRules(EventStore events) {
    this.events = events;
  }

  /** Whether the rule was defined, and is neither paused nor retired. */
  public boolean contains(String ruleId) {
    return events
        .readEvents(ruleId)
        .asStream()
        .map(event -> event.getPayload())
        .reduce(false, ActiveRules::after, (earlier, later) -> later);
  }

  private static boolean after(boolean active, Object event) {
    if (event instanceof AlertRuleEvent.Defined || event instanceof AlertRuleEvent.Resumed) {
      return true;
    }
    return active
        && !(event instanceof AlertRuleEvent.Paused)
        && !(event instanceof AlertRuleEvent.Retired);
  }
}
