package io.logfold.command.aggregates;

import io.logfold.command.web.Refusal;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Sends the commands of people, and tells them in HTTP's words why one was not carried out. */
@Component
public class AggregateCommands {

  private static final Logger log = LoggerFactory.getLogger(AggregateCommands.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** Two people, or a person and a deadline, rarely meet at one aggregate; never four times. */
  private static final int TRIES = 4;

  private final CommandGateway commands;

  AggregateCommands(CommandGateway commands) {
    this.commands = commands;
  }

  /**
   * Waits until the command is carried out. One that somebody else's command got in the way of is
   * sent again: it then is judged by the state that command left.
   *
   * @param what the aggregate for a reader, such as {@code alert rule 'x'}
   * @throws Refusal 404 if there is no such aggregate, 409 if its state forbids the command, 422 if
   *     the command makes no sense, 503 if the database cannot be reached
   */
  public void send(Object command, String what) {
    try {
      sendAgain(command, TRIES);
    } catch (AggregateNotFoundException e) {
      throw unknown(what);
    } catch (Conflict e) {
      throw new Refusal(HttpStatus.CONFLICT, e.code(), String.valueOf(e.getMessage()));
    } catch (Invalid e) {
      throw invalid(e);
    } catch (ConcurrencyException | AggregateStreamCreationException e) {
      throw new Refusal(
          HttpStatus.CONFLICT,
          "changed-meanwhile",
          "Others changed the %s at the same time; look at it and send again.".formatted(what));
    } catch (DataAccessException
        | TransactionException
        | jakarta.persistence.PersistenceException e) {
      log.warn("The database could not be used for {}: {}", what, e.toString());
      throw Refusal.later(
          HttpStatus.SERVICE_UNAVAILABLE,
          "database-unavailable",
          "The database cannot be reached; nothing was changed.",
          RETRY_AFTER);
    }
  }

  /** There is no such aggregate. */
  public static Refusal unknown(String what) {
    return new Refusal(HttpStatus.NOT_FOUND, "not-found", "There is no %s.".formatted(what));
  }

  /** A request that can be read but asks for what cannot be; all its mistakes are told. */
  public static Refusal invalid(Invalid invalid) {
    int count = invalid.mistakes().size();
    String first = String.valueOf(invalid.getMessage());
    String sentence = count == 1 ? first : "There are %d mistakes. %s".formatted(count, first);
    return new Refusal(HttpStatus.UNPROCESSABLE_CONTENT, "invalid", sentence)
        .withErrors(invalid.mistakes());
  }

  private void sendAgain(Object command, int tries) {
    for (int left = tries; left > 1; left--) {
      try {
        commands.sendAndWait(command);
        return;
      } catch (ConcurrencyException | AggregateStreamCreationException e) {
        log.debug("Somebody was quicker than {}", command, e);
      }
    }
    commands.sendAndWait(command);
  }
}
