package io.logfold.command.telling;

import io.logfold.command.web.Refusal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists what was told, and tells again what could not be. */
@RestController
class DeliveryController {

  private static final int MAX_LIMIT = 1_000;

  private final Deliveries deliveries;
  private final Courier courier;
  private final TellingProperties settings;
  private final Clock clock;

  DeliveryController(
      Deliveries deliveries, Courier courier, TellingProperties settings, Clock clock) {
    this.deliveries = deliveries;
    this.courier = courier;
    this.settings = settings;
    this.clock = clock;
  }

  @GetMapping(path = "/deliveries", produces = MediaType.APPLICATION_JSON_VALUE)
  DeliveryList list(
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(defaultValue = "50") String limit) {
    Limit most = Limit.of(limit(limit));
    return new DeliveryList(
        state == null ? deliveries.list(most) : deliveries.list(state(state), most));
  }

  @PostMapping(path = "/deliveries/{id}/retry", produces = MediaType.APPLICATION_JSON_VALUE)
  ListedDelivery retry(@PathVariable String id) {
    Instant now = clock.instant();
    int begun = deliveries.retry(id, now, now.plus(settings.giveUpAfter()));
    ListedDelivery delivery = deliveries.find(id);
    if (delivery == null) {
      throw new Refusal(HttpStatus.NOT_FOUND, "not-found", "There is no such delivery.");
    }
    if (begun == 0) {
      throw new Refusal(
          HttpStatus.CONFLICT,
          "not-failed",
          "The delivery is %s; only one that failed can be tried again."
              .formatted(delivery.state()));
    }
    courier.wake();
    return delivery;
  }

  private static Delivery.State state(String word) {
    return switch (word) {
      case "pending" -> Delivery.State.PENDING;
      case "failed" -> Delivery.State.FAILED;
      case "delivered" -> Delivery.State.DELIVERED;
      default ->
          throw Refusal.badRequest(
              "bad-state", "'state' must be one of pending, failed, delivered.");
    };
  }

  private static int limit(String text) {
    int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw Refusal.badRequest("bad-limit", "'limit' must be a number from 1 to 1000.");
    }
    return limit;
  }

  /**
   * What is listed.
   *
   * @param deliveries newest first
   */
  record DeliveryList(List<ListedDelivery> deliveries) {}
}
