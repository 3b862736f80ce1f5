package io.logfold.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends requests whose keys have no order, one at a time, each until it is acknowledged. */
final class OpaqueSender implements AutoCloseable {

  private static final int LOGS = 10;
  private static final int[] STATUSES = {200, 200, 200, 404, 503};
  private static final Set<Integer> MAY_SUCCEED_LATER = Set.of(0, 429, 502, 503, 504);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final URI target;
  private final double rate;
  private final Duration patience;
  private final Duration timeout;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Tally tally = Tally.NONE;
  private volatile boolean enough;
  private volatile boolean closed;

  OpaqueSender(URI target, double rate, Duration patience, Duration timeout) {
    this.target = target.resolve("/logs?source=opaque");
    this.rate = rate;
    this.patience = patience;
    this.timeout = timeout;
  }

  synchronized Tally tally() {
    return tally;
  }

  void enough() {
    enough = true;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Sends until it is enough. */
  void send() {
    try {
      for (int number = 0; !enough; number++) {
        deliver(number);
        Thread.sleep((long) (LOGS / rate * 1_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deliver(int number) throws InterruptedException {
    HttpRequest request = request(number);
    long began = System.nanoTime();
    int retries = 0;
    int status = post(request);
    while (MAY_SUCCEED_LATER.contains(status)
        && !closed
        && System.nanoTime() - began < patience.toNanos()) {
      Thread.sleep(PAUSE.toMillis());
      retries++;
      status = post(request);
    }
    note(number, retries, status);
  }

  /** The answer's status, 0 for none. The timeout is for the whole answer. */
  private int post(HttpRequest request) throws InterruptedException {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (ExecutionException | TimeoutException e) {
      return 0;
    } finally {
      answer.cancel(true);
    }
  }

  private HttpRequest request(int number) {
    StringBuilder body = new StringBuilder();
    for (int line = 0; line < LOGS; line++) {
      body.append(
          String.format(
              Locale.ROOT,
              "{\"time\":\"%s\",\"ip\":\"10.1.2.%d\",\"method\":\"GET\",\"path\":\"/opaque\",\"status\":%d,\"latencyMs\":%d}%n",
              Instant.now(),
              line,
              status(number, line),
              latencyMillis(number, line)));
    }
    return HttpRequest.newBuilder(target)
        .header("Content-Type", "application/x-ndjson")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  private synchronized void note(int number, int retries, int answer) {
    SortedMap<Integer, Long> statuses = new TreeMap<>();
    long sum = 0;
    long max = 0;
    for (int line = 0; line < LOGS; line++) {
      statuses.merge(status(number, line), 1L, Long::sum);
      sum += latencyMillis(number, line) * 1_000L;
      max = Math.max(max, latencyMillis(number, line) * 1_000L);
    }
    tally =
        tally.plus(
            answer / 100 == 2
                ? new Tally(LOGS, statuses, sum, max, 1, retries, 0, List.of())
                : new Tally(
                    0, new TreeMap<>(), 0, 0, 1, retries, LOGS, List.of("answer " + answer)));
  }

  private static int status(int number, int line) {
    return STATUSES[(number + line) % STATUSES.length];
  }

  /** Different for different logs, so that the sum tells which are missing. */
  private static int latencyMillis(int number, int line) {
    return 1 + (number * 31 + line * 7) % 500;
  }
}
