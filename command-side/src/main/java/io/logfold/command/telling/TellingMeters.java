package io.logfold.command.telling;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * How telling goes, on this node since it started.
 *
 * <p>{@code logfold.telling.deliveries} counts deliveries that ended, by what they told and by
 * state: {@code delivered}, or {@code failed} for good, which somebody should look at with {@code
 * GET /deliveries?state=failed}. {@code logfold.telling.pending} is how many wait now, of all
 * nodes; it is 0 within seconds unless a target is down.
 */
class TellingMeters {

  static final String DELIVERIES = "logfold.telling.deliveries";
  static final String PENDING = "logfold.telling.pending";

  private final MeterRegistry meters;

  TellingMeters(MeterRegistry meters, Deliveries deliveries) {
    this.meters = meters;
    Gauge.builder(PENDING, deliveries, rows -> rows.countByState(Delivery.State.PENDING))
        .register(meters);
    for (Delivery.What what : Delivery.What.values()) {
      counter(what, Delivery.State.DELIVERED, 0);
      counter(what, Delivery.State.FAILED, 0);
    }
  }

  void ended(Delivery.What what, Delivery.State state) {
    counter(what, state, 1);
  }

  private void counter(Delivery.What what, Delivery.State state, int more) {
    meters.counter(DELIVERIES, "what", what.word(), "state", state.word()).increment(more);
  }
}
