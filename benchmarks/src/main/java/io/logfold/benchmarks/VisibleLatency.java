package io.logfold.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How long it takes from sending a log until {@code GET /logs} shows it. Each probe is one error
 * log of its own path. One question at a time asks for all that are not visible yet, as fast as it
 * is answered; it is never the same twice, so that no kept answer is mistaken for the tables.
 */
final class VisibleLatency {

  /** A status that the generated traffic has not: the question is a short walk of an index. */
  private static final int STATUS = 418;

  private static final int PAGE = 1_000;
  private static final long POLL_MILLIS = 1;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final URI writeUrl;
  private final URI readUrl;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, Probe> waiting = new ConcurrentHashMap<>();
  private final List<Double> visible = Collections.synchronizedList(new ArrayList<>());
  private final List<Double> accepted = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean allSent;
  private int questions;

  VisibleLatency(URI writeUrl, URI readUrl) {
    this.writeUrl = writeUrl;
    this.readUrl = readUrl;
  }

  /** A log that was sent, and when by either clock. */
  private record Probe(Instant time, long sentNanos) {

    double ageMillis() {
      return (System.nanoTime() - sentNanos) / 1e6;
    }
  }

  /**
   * What all probes took, in milliseconds.
   *
   * @param probes how many
   * @param visibleP50 from sending it to the end of the answer that showed it
   * @param acceptedP50 from sending it to the end of the receiver's answer
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
      Future<?> looking = pool.submit(this::lookUntilAllAreVisible);
      List<Future<?>> posts = new ArrayList<>();
      long gapNanos = 1_000_000_000L / perSecond;
      long began = System.nanoTime();
      for (int i = 0; i * gapNanos < length.toNanos(); i++) {
        sleepUntil(began + i * gapNanos);
        String path = "/probe/%d/".formatted(i);
        posts.add(pool.submit(() -> post(path)));
      }
      for (Future<?> post : posts) {
        post.get();
      }
      allSent = true;
      looking.get();
      return result();
    } finally {
      pool.shutdownNow();
    }
  }

  private Result result() {
    visible.sort(null);
    accepted.sort(null);
    return new Result(
        visible.size(),
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

  private Void lookUntilAllAreVisible() throws Exception {
    while (!allSent || !waiting.isEmpty()) {
      Map<String, Probe> sent = new HashMap<>(waiting);
      if (!sent.isEmpty()) {
        look(sent);
      }
      Thread.sleep(POLL_MILLIS);
    }
    return null;
  }

  private void look(Map<String, Probe> sent) throws IOException, InterruptedException {
    String page = page(sent);
    sent.forEach(
        (path, probe) -> {
          if (page.contains(path)) {
            visible.add(probe.ageMillis());
            waiting.remove(path);
          } else if (probe.ageMillis() > LIMIT.toMillis()) {
            throw new IllegalStateException("%s was not visible after %s".formatted(path, LIMIT));
          }
        });
  }

  /** The newest probes; nothing when the reader is too busy to say. */
  private String page(Map<String, Probe> sent) throws IOException, InterruptedException {
    Instant oldest = sent.values().stream().map(Probe::time).min(Instant::compareTo).orElseThrow();
    // A nanosecond less each time: always the same rows, never the same question.
    Instant from = oldest.minusMillis(1).minusNanos(++questions);
    String query = "/logs?status=%d&limit=%d&from=%s".formatted(STATUS, PAGE, from);
    HttpResponse<String> answer = send(HttpRequest.newBuilder(readUrl.resolve(query)));
    return answer.statusCode() == 200 ? answer.body() : "";
  }

  private Void post(String path) throws IOException, InterruptedException {
    Probe probe = new Probe(Instant.ofEpochMilli(System.currentTimeMillis()), System.nanoTime());
    waiting.put(path, probe);
    String log =
        "{\"time\":\"%s\",\"ip\":\"10.0.0.7\",\"method\":\"GET\",\"path\":\"%s\",\"status\":%d,\"latencyMicros\":1}"
            .formatted(probe.time(), path, STATUS);
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(writeUrl.resolve("/logs"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(log)));
    if (answer.statusCode() != 202) {
      throw new IOException("A probe was answered " + answer.statusCode() + ": " + answer.body());
    }
    accepted.add(probe.ageMillis());
    return null;
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }
  }
}
