package io.logfold.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.logfold.benchmarks.Counts.Count;
import io.logfold.benchmarks.Rig.Side;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Begins rebuilds, switches to them, goes back and cancels them, and kills processes meanwhile;
 * then lets everything end by itself, and compares the generations with each other.
 */
final class RebuildFaultRun extends FaultRun {

  private static final List<String> SWITCHINGS = List.of("by-hand", "when-ready", "when-equal");
  private static final Duration LONGEST_BETWEEN_KILLS = Duration.ofSeconds(4);
  private static final Duration LONGEST_BETWEEN_ORDERS = Duration.ofMillis(1_500);
  private static final Duration SETTLE_LIMIT = Duration.ofMinutes(2);

  private final Rig rig;
  private final FaultSettings settings;
  private final Random random;
  private final Instant began = Instant.now();
  private final AtomicInteger carriedOut = new AtomicInteger();
  private CompletableFuture<Void> acting = CompletableFuture.completedFuture(null);
  private long nextOrderNanos = System.nanoTime();

  /** As of {@link FaultRun}; the settings' faults are kills. */
  RebuildFaultRun(Rig rig, FaultSettings settings, Consumer<String> out) {
    super(rig, settings, out);
    this.rig = rig;
    this.settings = settings;
    this.random = new Random(~settings.seed());
  }

  /** Half of the logs come first, so that there is something to build from. */
  @Override
  void inflictAll(Load load) throws InterruptedException {
    go(load, () -> load.accepted() >= settings.logs() / 2);
    for (FaultKind kind : FaultPlan.kills(settings.faults(), rig.database() != null, random)) {
      long killNanos = System.nanoTime() + random.nextLong(LONGEST_BETWEEN_KILLS.toNanos());
      goActing(load, () -> System.nanoTime() - killNanos >= 0);
      inflict(load, kind);
      boolean all = random.nextInt(3) == 0;
      goActing(load, () -> all ? allAreReady() : !readyQuerySides().isEmpty());
    }
    goActing(load, () -> load.accepted() >= settings.logs());
    go(load, acting::isDone);
    say("%d orders were carried out".formatted(carriedOut.get()));
  }

  @Override
  List<Count> compare(Tally sent) throws Exception {
    awaitRebuilds();
    List<Count> counts = new ArrayList<>(super.compare(sent));
    try (Connection connection = rig.connectToQueryDatabase()) {
      counts.addAll(new GenerationTables(connection).compare());
    }
    return counts;
  }

  /** What is not settled by then is among the counts that are wrong. */
  private void awaitRebuilds() throws Exception {
    try (Connection connection = rig.connectToQueryDatabase()) {
      GenerationTables tables = new GenerationTables(connection);
      Waiting.until(SETTLE_LIMIT, tables::areSettled, () -> "Not everything settled.");
    } catch (IllegalStateException e) {
      say(String.valueOf(e.getMessage()));
    }
  }

  private void goActing(Load load, Until until) throws InterruptedException {
    go(
        load,
        () -> {
          actNowAndThen();
          return until.holds();
        });
  }

  /** One order at a time, on a thread of its own: a kill must be able to meet it. */
  private void actNowAndThen() throws InterruptedException {
    if (acting.isDone() && System.nanoTime() - nextOrderNanos >= 0) {
      nextOrderNanos = System.nanoTime() + random.nextLong(LONGEST_BETWEEN_ORDERS.toNanos());
      List<Side> sides = readyQuerySides();
      if (!sides.isEmpty()) {
        Rebuilds rebuilds = new Rebuilds(rig.http(), any(sides));
        String projection = any(GenerationTables.projections());
        Random own = new Random(random.nextLong());
        acting = CompletableFuture.runAsync(() -> act(rebuilds, projection, own));
      }
    }
  }

  /** Does something with a projection that its state allows. */
  private void act(Rebuilds rebuilds, String projection, Random own) {
    String by = rebuilds.side().process().name();
    try {
      Order order = choose(rebuilds, projection, own);
      order.call().run();
      carriedOut.incrementAndGet();
      say("%s by %s".formatted(order.name(), by));
    } catch (IOException e) {
      say("%s: %s gave no answer, or %s".formatted(projection, by, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Order(String name, Call call) {}

  private interface Call {
    void run() throws IOException, InterruptedException;
  }

  private Order choose(Rebuilds rebuilds, String projection, Random own)
      throws IOException, InterruptedException {
    List<JsonNode> all = rebuilds.of(projection);
    String state = all.isEmpty() ? "none" : all.get(0).get("state").asText();
    String id = all.isEmpty() ? "" : all.get(0).get("id").asText();
    return switch (state) {
      case "building", "catching-up" ->
          own.nextInt(3) == 0
              ? change(rebuilds, id, "cancel")
              : new Order("nothing, since it is built: " + id, () -> {});
      case "ready" -> change(rebuilds, id, own.nextInt(4) == 0 ? "cancel" : "switch");
      case "switched" ->
          own.nextBoolean() ? change(rebuilds, id, "rollback") : begin(rebuilds, projection, own);
      default -> begin(rebuilds, projection, own);
    };
  }

  private static Order change(Rebuilds rebuilds, String id, String action) {
    return new Order(action + " " + id, () -> rebuilds.change(id, action));
  }

  /** A third of them read from some time on, and take over what was before. */
  private Order begin(Rebuilds rebuilds, String projection, Random own) {
    String switching = SWITCHINGS.get(own.nextInt(SWITCHINGS.size()));
    Instant from = own.nextInt(3) == 0 ? sometime(own) : null;
    return new Order(
        "rebuild of %s, %s%s"
            .formatted(projection, switching, from == null ? "" : ", from " + from),
        () -> rebuilds.begin(projection, switching, from));
  }

  private Instant sometime(Random own) {
    long millis = Duration.between(began, Instant.now()).toMillis();
    return began.plusMillis(own.nextLong(1 + millis));
  }

  private boolean allAreReady() throws InterruptedException {
    for (Child child : rig.children()) {
      if (!child.isReady()) {
        return false;
      }
    }
    return true;
  }

  private List<Side> readyQuerySides() throws InterruptedException {
    List<Side> ready = new ArrayList<>();
    for (Side side : rig.querySides()) {
      if (side.process().isReady()) {
        ready.add(side);
      }
    }
    return ready;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
