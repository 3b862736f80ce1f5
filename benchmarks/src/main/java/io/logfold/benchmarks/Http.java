package io.logfold.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks questions. Thread-safe. */
final class Http {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  HttpResponse<String> get(URI url) throws IOException, InterruptedException {
    return get(url, TIMEOUT);
  }

  /** Whether it is answered with 200 soon. */
  boolean isOk(URI url) throws IOException, InterruptedException {
    return get(url, SOON).statusCode() == 200;
  }

  private HttpResponse<String> get(URI url, Duration timeout)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(url).timeout(timeout).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The JSON of an answer that must be 200. */
  JsonNode json(URI url) throws IOException, InterruptedException {
    return json(url, TIMEOUT);
  }

  /** The same of one that may take longer than others. */
  JsonNode json(URI url, Duration timeout) throws IOException, InterruptedException {
    return json(url, get(url, timeout), 200);
  }

  /**
   * Sends JSON.
   *
   * @param expected the status that the answer must have
   * @return the JSON of the answer
   */
  JsonNode post(URI url, String body, int expected) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return json(url, client.send(request, HttpResponse.BodyHandlers.ofString()), expected);
  }

  private static JsonNode json(URI url, HttpResponse<String> answer, int expected)
      throws IOException {
    if (answer.statusCode() != expected) {
      throw new IOException(url + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }
}
