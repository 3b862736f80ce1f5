package io.logfold.command.incidents;

import io.logfold.api.alerts.ThresholdEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.annotation.MessageHandlingMember;
import org.axonframework.modelling.saga.AssociationResolver;

/**
 * Names an alarm in the database: rule and scope can be longer than a key, and differ in case only,
 * which not every collation tells apart. Public because Axon makes it.
 */
public class AlarmHash implements AssociationResolver {

  /** SHA-256 of {@link ThresholdEvent#alarm()}, in hex. */
  static String of(ThresholdEvent event) {
    try {
      byte[] alarm = event.alarm().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(alarm));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  @Override
  public <T> void validate(String property, MessageHandlingMember<T> handler) {
    // Only handlers of ThresholdEvents use it.
  }

  @Override
  public <T> Object resolve(
      String property, EventMessage<?> message, MessageHandlingMember<T> handler) {
    return of((ThresholdEvent) message.getPayload());
  }
}
