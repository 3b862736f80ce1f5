package io.logfold.command.ingest;

import io.logfold.api.ingest.LogReceived;
import io.logfold.api.ingest.LogsRejected;
import io.logfold.api.ingest.ReceiveLogs;
import io.logfold.api.ingest.RejectedLine;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.SimpleEventBus;
import org.axonframework.messaging.MetaData;
import org.springframework.stereotype.Component;

/**
 * Turns what a request brought into events: one a log, and one for all that was rejected. A
 * message's identifier is its request and line, so that a repeat is the same message.
 */
@Component
class LogIngest {

  private static final int MAX_SAMPLES = 5;

  private final SimpleEventBus logEvents;
  private final Clock clock;

  LogIngest(SimpleEventBus logEvents, Clock clock) {
    this.logEvents = logEvents;
    this.clock = clock;
  }

  @CommandHandler
  void handle(ReceiveLogs command) {
    Instant now = clock.instant();
    List<EventMessage<?>> events = new ArrayList<>(command.logs().size() + 1);
    for (ReceiveLogs.Line line : command.logs()) {
      events.add(
          event(
              command.request() + ":" + line.line(),
              new LogReceived(command.request(), line.line(), command.body(), line.log()),
              now));
    }
    if (!command.rejected().isEmpty()) {
      events.add(event(command.request() + ":rejected", rejection(command), now));
    }
    logEvents.publish(events);
  }

  private static EventMessage<?> event(String id, Object payload, Instant now) {
    return new GenericEventMessage<>(id, payload, MetaData.emptyInstance(), now);
  }

  private static LogsRejected rejection(ReceiveLogs command) {
    TreeMap<String, Integer> countByCode = new TreeMap<>();
    for (RejectedLine line : command.rejected()) {
      countByCode.merge(line.code(), 1, Integer::sum);
    }
    return new LogsRejected(
        command.request(),
        command.body(),
        command.source(),
        countByCode,
        command.rejected().stream().limit(MAX_SAMPLES).toList());
  }
}
