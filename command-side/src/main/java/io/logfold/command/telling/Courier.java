package io.logfold.command.telling;

import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.domain.Limit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;

/**
 * Brings deliveries to their targets, each at least once. A try is claimed in the database first,
 * for {@link #LEASE}: several processes never make the same one at the same time, and the claim of
 * one that died runs out. One at a time goes to a url, so that a target that hangs holds up no
 * other. Thread-safe.
 */
class Courier {

  /** How long a claim holds; longer than a call can take, with what it takes to note its end. */
  static final Duration LEASE = Duration.ofSeconds(60);

  /** The longest wait that a target may ask for. */
  static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

  private static final int AT_ONCE = 4;
  private static final int MAX_ERROR = 500;
  private static final Logger log = LoggerFactory.getLogger(Courier.class);

  private final Deliveries deliveries;
  private final Post post;
  private final Backoff backoff;
  private final TellingMeters meters;
  private final TellingProperties settings;
  private final Clock clock;
  private final ExecutorService workers = workers();
  private final Set<String> busyUrls = new HashSet<>();

  Courier(
      Deliveries deliveries,
      Post post,
      Backoff backoff,
      TellingMeters meters,
      TellingProperties settings,
      Clock clock) {
    this.deliveries = deliveries;
    this.post = post;
    this.backoff = backoff;
    this.meters = meters;
    this.settings = settings;
    this.clock = clock;
  }

  private static ExecutorService workers() {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        AT_ONCE, task -> new Thread(task, "telling-" + number.incrementAndGet()));
  }

  /** Looks for due deliveries now, without waiting for them. */
  void wake() {
    inBackground(this::sendDue);
  }

  /** Begins to send what is due, as much as may be under way at once. */
  @Scheduled(fixedDelay = 1_000)
  void sendDue() {
    try {
      claimDue().forEach(delivery -> inBackground(() -> send(delivery)));
    } catch (DataAccessException | TransactionException e) {
      log.warn("Deliveries wait for the database: {}", e.getMessage());
    }
  }

  /** Forgets what is over since long. */
  @Scheduled(fixedDelay = 3_600_000)
  void prune() {
    try {
      deliveries.deleteOlderThan(clock.instant().minus(settings.keep()));
    } catch (DataAccessException | TransactionException e) {
      log.warn("Old deliveries are not deleted yet: {}", e.getMessage());
    }
  }

  private synchronized List<Delivery> claimDue() {
    List<Delivery> claimed = new ArrayList<>();
    int free = AT_ONCE - busyUrls.size();
    if (free <= 0 || workers.isShutdown()) {
      return claimed;
    }
    Instant now = clock.instant();
    for (Delivery delivery : deliveries.due(now, urlsToLeaveOut(), Limit.of(free))) {
      if (!busyUrls.contains(delivery.url()) && claim(delivery, now)) {
        busyUrls.add(delivery.url());
        claimed.add(delivery);
      }
    }
    return claimed;
  }

  /** Never empty: not every database takes an empty list. */
  private List<String> urlsToLeaveOut() {
    List<String> urls = new ArrayList<>(busyUrls);
    urls.add("");
    return urls;
  }

  private boolean claim(Delivery delivery, Instant now) {
    return deliveries.claim(delivery.id(), delivery.attempts(), now, now.plus(LEASE)) == 1;
  }

  private void send(Delivery delivery) {
    try {
      settle(delivery, post.send(delivery));
    } catch (DataAccessException | TransactionException e) {
      log.warn(
          "How delivery {} ended could not be noted, it is sent again: {}",
          delivery.id(),
          e.getMessage());
    } catch (RuntimeException e) {
      log.error("Delivery {} failed for a reason of ours", delivery.id(), e);
    } finally {
      release(delivery);
    }
    sendDue();
  }

  private synchronized void release(Delivery delivery) {
    busyUrls.remove(delivery.url());
  }

  private void settle(Delivery delivery, Post.Outcome outcome) {
    switch (outcome.end()) {
      case DELIVERED -> delivered(delivery);
      case REFUSED -> failed(delivery, outcome.error());
      case LATER -> later(delivery, outcome);
    }
  }

  private void delivered(Delivery delivery) {
    if (deliveries.delivered(delivery.id(), clock.instant()) == 1) {
      meters.ended(delivery.what(), Delivery.State.DELIVERED);
    }
  }

  private void later(Delivery delivery, Post.Outcome outcome) {
    Instant now = clock.instant();
    int attempts = delivery.attempts() + 1;
    if (!now.isBefore(delivery.giveUpAt())) {
      failed(delivery, "Given up at try %d: %s".formatted(attempts, outcome.error()));
      return;
    }
    Instant next = earlier(now.plus(pause(attempts, outcome)), delivery.giveUpAt());
    deliveries.postpone(delivery.id(), attempts, next, cut(outcome.error()));
  }

  private Duration pause(int attempts, Post.Outcome outcome) {
    Duration own = backoff.after(attempts);
    Duration asked = outcome.retryAfter();
    if (asked == null || asked.compareTo(own) <= 0) {
      return own;
    }
    return asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER;
  }

  private void failed(Delivery delivery, String error) {
    if (deliveries.fail(delivery.id(), delivery.attempts() + 1, cut(error)) == 1) {
      meters.ended(delivery.what(), Delivery.State.FAILED);
      log.warn(
          "Delivery {} of incident {} failed for good: {}",
          delivery.id(),
          delivery.incidentId(),
          error);
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static String cut(String error) {
    return error.length() <= MAX_ERROR ? error : error.substring(0, MAX_ERROR);
  }

  private void inBackground(Runnable task) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      // It stops; what is claimed and not sent is sent by another process, or after the next start.
    }
  }

  /** Begins nothing more and lets the calls that are under way end. */
  @PreDestroy
  void stop() throws InterruptedException {
    workers.shutdown();
    if (!workers.awaitTermination(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
      log.info("A delivery was still under way at the end; it is sent again after its lease.");
    }
  }
}
