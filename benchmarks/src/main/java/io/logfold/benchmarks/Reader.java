package io.logfold.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Somebody who asks {@code /stats} and {@code /logs} at a steady rate, whether he was answered or
 * not, and looks whether a number that only grows is ever smaller than one he saw before he asked.
 */
final class Reader implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int PAGE = 50;
  private static final int MOST_PAGES = 20;
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  /** Of each question the answer's number that only grows. */
  private static final Map<String, String> QUESTIONS =
      Map.of(
          "/stats?type=traffic&range=week", "/data/total_request",
          "/stats?type=traffic&range=day", "/data/total_request",
          "/stats?type=errors&range=week", "/data/500",
          "/stats?type=errors&range=day", "/data/404",
          "/logs?limit=50&status=500&offset=", "/meta/total",
          "/logs?limit=50&offset=", "/meta/total");

  private final URI url;
  private final Random random;
  private final List<String> questions = QUESTIONS.keySet().stream().sorted().toList();
  private final Map<String, AtomicLong> largest = new ConcurrentHashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private volatile Queue<Double> millis = new ConcurrentLinkedQueue<>();
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private int asked;

  /**
   * Begins to ask.
   *
   * @param url of a query side that keeps no answers
   * @param perSecond questions
   */
  Reader(URI url, int perSecond, Random random) {
    this.url = url;
    this.random = random;
    questions.forEach(question -> largest.put(question, new AtomicLong()));
    var unused =
        clock.scheduleAtFixedRate(this::ask, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
  }

  /**
   * What a time was like for the reader.
   *
   * @param p50 milliseconds from when the question was due to the end of its answer
   */
  record Experience(int answers, double p50, double p99, double max) {}

  /** Forgets how long answers took until now. */
  void startOver() {
    millis = new ConcurrentLinkedQueue<>();
  }

  /** How it was since the last start. */
  Experience experience() {
    List<Double> sorted = millis.stream().sorted().toList();
    return new Experience(
        sorted.size(), quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 1));
  }

  /** Answers that were none, or took something back. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  /** By nearest rank. */
  private static double quantile(List<Double> sorted, double quantile) {
    return sorted.isEmpty()
        ? Double.NaN
        : sorted.get((int) Math.max(0, Math.ceil(quantile * sorted.size()) - 1));
  }

  private void ask() {
    String question = questions.get(asked++ % questions.size());
    String page = question.endsWith("=") ? page() : "";
    long before = largestOf(question).get();
    Queue<Double> took = millis;
    long askedNanos = System.nanoTime();
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve(question + page)).timeout(TIMEOUT).build();
    var unused =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
            .whenComplete(
                (answer, failure) -> {
                  took.add((System.nanoTime() - askedNanos) / 1e6);
                  if (failure != null) {
                    problems.add(question + ": " + failure);
                  } else {
                    look(question, before, answer);
                  }
                });
  }

  /**
   * Any of the newest, of the same rows but never asked for before: of those who ask the same at
   * the same time one is answered, somewhat earlier, for all.
   */
  private String page() {
    return random.nextInt(MOST_PAGES) * PAGE + "&from=" + LONG_AGO.plusSeconds(asked);
  }

  private void look(String question, long before, HttpResponse<String> answer) {
    if (answer.statusCode() != 200) {
      problems.add("%s: %d %s".formatted(question, answer.statusCode(), answer.body()));
      return;
    }
    try {
      JsonNode found = JSON.readTree(answer.body()).at(QUESTIONS.get(question));
      if (found.asLong() < before) {
        problems.add("%s: %d after %d".formatted(question, found.asLong(), before));
      }
      largestOf(question).accumulateAndGet(found.asLong(), Math::max);
    } catch (IOException e) {
      problems.add(question + ": " + e.getMessage());
    }
  }

  private AtomicLong largestOf(String question) {
    return largest.computeIfAbsent(question, key -> new AtomicLong());
  }
}
