package io.logfold.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A steady load of a service with many routes: 100 logs a request, 70 % of status 200, 20 % of 404,
 * 10 % of 500, numbers in every path. Each sender has one request in flight and a stream of its
 * own.
 */
final class ManyRoutes implements AutoCloseable {

  private static final int BATCH = 100;
  private static final int SENDERS = 4;

  /** What a slow start left unsent is not made up for: that would be another rate. */
  private static final long MOST_BEHIND_NANOS = 1_000_000_000;

  private final URI target;
  private final int routes;
  private final double rate;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Thread> senders = new ArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private volatile @Nullable Exception failure;
  private volatile boolean closed;

  /**
   * Begins at once.
   *
   * @param routes how many different path templates
   * @param rate logs a second
   */
  ManyRoutes(URI target, int routes, double rate) {
    this.target = target.resolve("/logs?source=shop");
    this.routes = routes;
    this.rate = rate;
    for (int sender = 0; sender < SENDERS; sender++) {
      int number = sender;
      Thread thread = new Thread(() -> send(number), "many-routes-" + number);
      senders.add(thread);
      thread.start();
    }
  }

  /** The template of a route's paths, as the read side finds it. */
  static String template(int route) {
    return "/area-" + route % 10 + "/things-" + route + "/{id}";
  }

  /**
   * Logs acknowledged so far.
   *
   * @throws IllegalStateException if a request failed: then nothing that was measured counts
   */
  long sent() {
    Exception failed = failure;
    if (failed != null) {
      throw new IllegalStateException("A request failed.", failed);
    }
    return sent.get();
  }

  private void send(int sender) {
    SplittableRandom random = new SplittableRandom(sender);
    String stream = "many-routes-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + "/";
    long pauseNanos = (long) (BATCH * SENDERS / rate * 1e9);
    long dueNanos = System.nanoTime();
    try {
      for (long number = 1; !closed; number++) {
        post(stream + number, body(random));
        sent.addAndGet(BATCH);
        dueNanos = Math.max(dueNanos + pauseNanos, System.nanoTime() - MOST_BEHIND_NANOS);
        long aheadMillis = (dueNanos - System.nanoTime()) / 1_000_000;
        if (aheadMillis > 0) {
          Thread.sleep(aheadMillis);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      failure = e;
    }
  }

  private void post(String key, byte[] body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(target)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("Answered " + answer.statusCode() + ": " + answer.body());
    }
  }

  private byte[] body(SplittableRandom random) {
    String begin = "{\"time\":\"" + Instant.now() + "\",\"ip\":\"10.0.";
    StringBuilder body = new StringBuilder(BATCH * 160);
    for (int i = 0; i < BATCH; i++) {
      int route = random.nextInt(routes);
      int share = random.nextInt(10);
      body.append(i == 0 ? '[' : ',')
          .append(begin)
          .append(random.nextInt(100))
          .append('.')
          .append(random.nextInt(250))
          .append("\",\"method\":\"GET\",\"path\":\"/area-")
          .append(route % 10)
          .append("/things-")
          .append(route)
          .append('/')
          .append(random.nextInt(100_000))
          .append("\",\"status\":")
          .append(share == 0 ? 500 : share < 3 ? 404 : 200)
          .append(",\"latencyMicros\":")
          .append(2_000 + random.nextInt(200_000))
          .append('}');
    }
    return body.append(']').toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    closed = true;
    try {
      for (Thread sender : senders) {
        sender.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
