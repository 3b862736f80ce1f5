package io.logfold.generator;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The receiver: posts one request at a time for each calling thread. Thread-safe. */
final class HttpTarget {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** A receiver that asks for more is asked again after this much anyway. */
  private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(1);

  private final GeneratorSettings settings;
  private final Clock clock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .executor(Runnable::run)
          .build();

  HttpTarget(GeneratorSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** A request that can be posted any number of times, always the same bytes. */
  HttpRequest request(String key, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.endpoint())
            .timeout(settings.timeout())
            .header("Content-Type", settings.format().contentType())
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (settings.gzip()) {
      request.header("Content-Encoding", "gzip");
    }
    if (settings.token() != null) {
      request.header("Authorization", "Bearer " + settings.token());
    }
    return request.build();
  }

  /** One try. The timeout is for the whole answer, which the client's own is not. */
  Answer post(HttpRequest request) throws InterruptedException {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request, info -> new BoundedText());
    try {
      return read(answer.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException e) {
      return Answer.broken(String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      return Answer.broken("not answered within " + settings.timeout());
    } finally {
      answer.cancel(true);
    }
  }

  private Answer read(HttpResponse<String> response) {
    long retryAfter =
        response.headers().firstValue("Retry-After").map(this::retryAfterNanos).orElse(-1L);
    return new Answer(response.statusCode(), response.body(), retryAfter);
  }

  /** Seconds or an HTTP date; what is neither is as if it were not there. */
  private long retryAfterNanos(String text) {
    try {
      Duration wait =
          text.matches("[0-9]{1,9}")
              ? Duration.ofSeconds(Long.parseLong(text))
              : Duration.between(clock.instant(), httpDate(text));
      return Math.max(0, Math.min(wait.toMillis(), MAX_RETRY_AFTER.toMillis())) * 1_000_000;
    } catch (DateTimeException | ArithmeticException e) {
      return -1;
    }
  }

  private static Instant httpDate(String text) {
    return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
  }
}
