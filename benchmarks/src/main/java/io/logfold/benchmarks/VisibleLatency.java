package io.logfold.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How long it takes from sending a log until {@code GET /logs} shows it. Each probe is one error
 * log of its own path; its question is never the same twice, so that no kept answer is mistaken for
 * the tables.
 */
final class VisibleLatency {

  /**
   * A status that the generated traffic has not, so that the question is a short walk of an index.
   */
  private static final int STATUS = 418;

  private static final long POLL_MILLIS = 1;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final URI writeUrl;
  private final URI readUrl;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  VisibleLatency(URI writeUrl, URI readUrl) {
    this.writeUrl = writeUrl;
    this.readUrl = readUrl;
  }

  /**
   * A probe, in milliseconds since it was sent.
   *
   * @param accepted when its request was answered
   * @param visible when a question asked then showed it
   */
  private record Probe(double accepted, double visible) {}

  /**
   * What all probes took, in milliseconds.
   *
   * @param probes how many
   * @param acceptedP50 until the request was answered
   */
  record Result(
      int probes,
      double visibleP50,
      double visibleP99,
      double visibleMax,
      double acceptedP50,
      double acceptedP99) {}

  /** Sends probes at a steady rate, whatever became of the last one. */
  Result measure(Duration length, int perSecond) throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      List<Future<Probe>> sent = new ArrayList<>();
      long gapNanos = 1_000_000_000L / perSecond;
      long began = System.nanoTime();
      for (int i = 0; i * gapNanos < length.toNanos(); i++) {
        sleepUntil(began + i * gapNanos);
        sent.add(pool.submit(probe(i)));
      }
      return result(sent);
    } finally {
      pool.shutdown();
    }
  }

  private static Result result(List<Future<Probe>> sent) throws Exception {
    List<Double> visible = new ArrayList<>();
    List<Double> accepted = new ArrayList<>();
    for (Future<Probe> future : sent) {
      visible.add(future.get().visible());
      accepted.add(future.get().accepted());
    }
    visible.sort(null);
    accepted.sort(null);
    return new Result(
        sent.size(),
        quantile(visible, 0.5),
        quantile(visible, 0.99),
        quantile(visible, 1),
        quantile(accepted, 0.5),
        quantile(accepted, 0.99));
  }

  /** By nearest rank. */
  private static double quantile(List<Double> sorted, double quantile) {
    return sorted.get((int) Math.max(0, Math.ceil(quantile * sorted.size()) - 1));
  }

  private Callable<Probe> probe(int number) {
    return () -> {
      String path = "/probe/%d/%d/".formatted(number, System.nanoTime());
      Instant time = Instant.ofEpochMilli(System.currentTimeMillis());
      long began = System.nanoTime();
      post(time, path);
      double accepted = millisSince(began);
      // The bound on the time changes by a nanosecond each time: always the same rows, never the
      // same question.
      for (Instant from = time.minusMillis(1); ; from = from.plusNanos(1)) {
        if (isVisible(path, from)) {
          return new Probe(accepted, millisSince(began));
        }
        if (millisSince(began) > LIMIT.toMillis()) {
          throw new IllegalStateException("A log was not visible after " + LIMIT);
        }
        Thread.sleep(POLL_MILLIS);
      }
    };
  }

  private void post(Instant time, String path) throws IOException, InterruptedException {
    String log =
        "{\"time\":\"%s\",\"ip\":\"10.0.0.7\",\"method\":\"GET\",\"path\":\"%s\",\"status\":%d,\"latencyMicros\":1}"
            .formatted(time, path, STATUS);
    HttpRequest request =
        HttpRequest.newBuilder(writeUrl.resolve("/logs"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(log))
            .build();
    send(request, 202);
  }

  private boolean isVisible(String path, Instant from) throws IOException, InterruptedException {
    String query = "/logs?status=%d&limit=1&from=%s&path=%s".formatted(STATUS, from, path);
    return send(HttpRequest.newBuilder(readUrl.resolve(query)).build(), 200).contains(path);
  }

  private String send(HttpRequest request, int expected) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != expected) {
      throw new IOException(request.uri() + " answered " + answer.statusCode());
    }
    return answer.body();
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }
}
