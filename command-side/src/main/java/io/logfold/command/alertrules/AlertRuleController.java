package io.logfold.command.alertrules;

import io.logfold.api.alerts.AlertRuleCommand;
import io.logfold.api.alerts.RuleDefinition;
import io.logfold.command.aggregates.AggregateCommands;
import io.logfold.command.aggregates.Invalid;
import io.logfold.command.aggregates.JsonFields;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes decisions about alert rules; what they are now is asked on the read side. */
@RestController
class AlertRuleController {

  private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int RANDOM_LETTERS = 8;
  private static final int MAX_SLUG = 64 - RANDOM_LETTERS - 1;

  private final AggregateCommands commands;
  private final RandomGenerator random;

  AlertRuleController(AggregateCommands commands, RandomGenerator ruleIds) {
    this.commands = commands;
    this.random = ruleIds;
  }

  @PostMapping("/alert-rules")
  ResponseEntity<Rule> define(HttpServletRequest request) {
    Rule rule = read(request);
    commands.send(new AlertRuleCommand.Define(rule.id(), rule.rule()), named(rule.id()));
    return ResponseEntity.created(URI.create("/alert-rules/" + rule.id()))
        .contentType(MediaType.APPLICATION_JSON)
        .body(rule);
  }

  @PutMapping("/alert-rules/{id}")
  ResponseEntity<Rule> change(@PathVariable("id") String id, HttpServletRequest request) {
    RuleBody body = readBody(request);
    if (body.id() != null && !body.id().equals(id)) {
      throw AggregateCommands.invalid(
          new Invalid(
              List.of(
                  new Invalid.Mistake("id", "id is another one than the path's; leave it out."))));
    }
    send(id, new AlertRuleCommand.Change(id, body.rule()));
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(new Rule(id, body.rule()));
  }

  @PostMapping("/alert-rules/{id}/pause")
  ResponseEntity<Void> pause(@PathVariable("id") String id) {
    send(id, new AlertRuleCommand.Pause(id));
    return ResponseEntity.noContent().build();
  }

  @PostMapping("/alert-rules/{id}/resume")
  ResponseEntity<Void> resume(@PathVariable("id") String id) {
    send(id, new AlertRuleCommand.Resume(id));
    return ResponseEntity.noContent().build();
  }

  @DeleteMapping("/alert-rules/{id}")
  ResponseEntity<Void> retire(@PathVariable("id") String id) {
    send(id, new AlertRuleCommand.Retire(id));
    return ResponseEntity.noContent().build();
  }

  private Rule read(HttpServletRequest request) {
    RuleBody body = readBody(request);
    String id = body.id();
    return new Rule(id == null ? newId(body.rule().name()) : id, body.rule());
  }

  private static RuleBody readBody(HttpServletRequest request) {
    try {
      return RuleBody.read(JsonFields.of(request));
    } catch (Invalid e) {
      throw AggregateCommands.invalid(e);
    }
  }

  private void send(String id, AlertRuleCommand command) {
    if (!RuleLimits.isId(id)) {
      throw AggregateCommands.unknown("alert rule with such an id");
    }
    commands.send(command, named(id));
  }

  private static String named(String id) {
    return "alert rule '%s'".formatted(id);
  }

  /** Such as {@code checkout-fails-k3x9q2ab}. */
  private String newId(String name) {
    String slug =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    StringBuilder id = new StringBuilder(slug.substring(0, Math.min(slug.length(), MAX_SLUG)));
    if (!id.isEmpty()) {
      id.append('-');
    }
    for (int i = 0; i < RANDOM_LETTERS; i++) {
      id.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
    }
    return id.toString();
  }

  /** A rule as it was sent, with its id. */
  record Rule(String id, RuleDefinition rule) {}
}
