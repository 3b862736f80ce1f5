package io.logfold.generator;

import java.util.SplittableRandom;

/**
 * What the logged clients do: skewed paths and clients, statuses by the asked mix, latencies by
 * path. Immutable; all randomness comes in, so the same random source gives the same logs.
 */
final class Traffic {

  private static final double OUTAGE_FAILURES = 0.6;
  private static final int[] OUTAGE_STATUSES = {503, 503, 502, 500};

  private final WeightedPick routes =
      new WeightedPick(Route.ALL.stream().mapToDouble(Route::weight).toArray());
  private final Clients clients;
  private final double serverErrors;
  private final double errors;

  Traffic(GeneratorSettings settings) {
    clients = new Clients(settings.clients());
    serverErrors = settings.serverErrors();
    errors = settings.serverErrors() + settings.clientErrors();
  }

  void fill(Line line, SplittableRandom random, boolean outage) {
    line.route = routes.pick(random);
    Route route = Route.ALL.get(line.route);
    boolean suffers = outage && route.suffersOutage();
    line.id = route.id(random);
    line.client = clients.pick(random);
    line.status = status(random, suffers);
    line.latencyMicros = route.latencyMicros(random, line.status >= 500, suffers);
    line.bytes = line.status == 200 ? 200 + random.nextInt(20_000) : 60 + random.nextInt(400);
  }

  private int status(SplittableRandom random, boolean suffers) {
    if (suffers && random.nextDouble() < OUTAGE_FAILURES) {
      return OUTAGE_STATUSES[random.nextInt(OUTAGE_STATUSES.length)];
    }
    double u = random.nextDouble();
    if (u < serverErrors) {
      return 500;
    }
    return u < errors ? 404 : 200;
  }
}
