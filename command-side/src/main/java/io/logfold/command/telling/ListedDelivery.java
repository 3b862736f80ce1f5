package io.logfold.command.telling;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.logfold.api.alerts.Target;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as it is listed; without its body.
 *
 * @param attempts tries begun
 * @param nextAttempt when it is tried next, or the try that goes on is given up; null unless
 *     pending
 * @param lastError why the last try failed, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ListedDelivery(
    String id,
    String incident,
    String what,
    String kind,
    String url,
    String state,
    int attempts,
    Instant created,
    @Nullable Instant nextAttempt,
    @Nullable Instant delivered,
    @Nullable String lastError) {

  ListedDelivery(
      String id,
      String incident,
      Delivery.What what,
      Target.Kind kind,
      String url,
      Delivery.State state,
      int attempts,
      Instant created,
      Instant nextAttempt,
      @Nullable Instant delivered,
      @Nullable String lastError) {
    this(
        id,
        incident,
        what.word(),
        kind.name().toLowerCase(Locale.ROOT),
        url,
        state.word(),
        attempts,
        created,
        state == Delivery.State.PENDING ? nextAttempt : null,
        delivered,
        lastError);
  }
}
