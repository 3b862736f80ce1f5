package io.logfold.command.incidents;

import io.logfold.api.incidents.IncidentCommand;
import io.logfold.command.aggregates.AggregateCommands;
import io.logfold.command.aggregates.Invalid;
import io.logfold.command.aggregates.JsonFields;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What people do about an incident; what it is now is asked on the read side. */
@RestController
class IncidentController {

  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final AggregateCommands commands;

  IncidentController(AggregateCommands commands) {
    this.commands = commands;
  }

  @PostMapping("/incidents/{id}/acknowledge")
  ResponseEntity<Void> acknowledge(@PathVariable("id") String id, HttpServletRequest request) {
    IncidentCommand.Acknowledge command = read(id, JsonFields.of(request));
    if (!UUID.matcher(id).matches()) {
      throw AggregateCommands.unknown("incident with such an id");
    }
    commands.send(command, "incident '%s'".formatted(id));
    return ResponseEntity.noContent().build();
  }

  private static IncidentCommand.Acknowledge read(String id, JsonFields fields) {
    String who = fields.text("who");
    String note = fields.optionalText("note");
    fields.end();
    if (!fields.mistakes().isEmpty()) {
      throw AggregateCommands.invalid(new Invalid(fields.mistakes()));
    }
    return new IncidentCommand.Acknowledge(id, who, note == null ? "" : note);
  }
}
