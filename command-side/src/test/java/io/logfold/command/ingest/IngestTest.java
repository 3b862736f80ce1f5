package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestTest extends WriteSideTest {

  private static final String SEED = "2025-06-10T10:41:40Z 184.116.4.244 POST /products 500 971ms";

  @ParameterizedTest
  @ValueSource(
      strings = {
        GOOD,
        "[" + GOOD + "]",
        "[\"" + SEED + "\"]",
        SEED,
        "\n\n  " + SEED + "\r\n",
        "\uFEFF" + GOOD,
        "{\n\"time\": 1749552100123,\n\"ip\": \"::1\",\n\"method\": \"get\",\n\"path\": \"/\",\n\"status\": \"404\"\n}",
        "{\"Timestamp\":\"2025-06-10T10:41:40Z\",\"IP\":\"::1\",\"Method\":\"GET\",\"Path\":\"/\",\"Status\":404,\"LatencyMs\":12}"
      })
  void takesInEveryShapeOfBody(String body) throws Exception {
    HttpResponse<String> answer = post("/logs", body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("{\"accepted\":1,\"rejected\":0,\"errors\":[]}");
    assertThat(sent()).hasSize(1);
  }

  @Test
  void answersTheSeedsGeneratorInItsOwnWords() {
    HttpResponse<String> answer =
        post("/upload", "[\"" + SEED + "\",\"nonsense\"]", "Content-Type", "application/json");

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode receipt = json(answer);
    assertThat(receipt.path("message").asText()).isEqualTo("Logs processed");
    assertThat(receipt.path("accepted").asInt()).isEqualTo(1);
    assertThat(receipt.path("rejected").asInt()).isEqualTo(1);
    assertThat(receipt.path("errors").path(0).path("line").asInt()).isEqualTo(2);
  }

  @Test
  void takesInGzipAndChunksAndBothAndForms() {
    byte[] plain = GOOD.getBytes(StandardCharsets.UTF_8);
    assertThat(post("/logs", gzip(plain), "Content-Encoding", "gzip").statusCode()).isEqualTo(202);
    assertThat(postChunked("/logs", plain).statusCode()).isEqualTo(202);
    assertThat(postChunked("/logs", gzip(plain), "Content-Encoding", "gzip").statusCode())
        .isEqualTo(202);
    assertThat(
            post("/logs?source=a", plain, "Content-Type", "application/x-www-form-urlencoded")
                .statusCode())
        .isEqualTo(202);
    assertThat(sent()).hasSize(4);
  }

  @Test
  void answersJsonWhateverTheSenderAccepts() {
    assertThat(post("/logs", GOOD, "Accept", "text/html").statusCode()).isEqualTo(202);
    assertProblem(post("/logs", "", "Accept", "text/html"), 400, "empty-body");
  }

  @Test
  void publishesWhatTheReadSideExpects() throws Exception {
    post("/logs?source=shop", "\n" + SEED, "Idempotency-Key", "web-1/42");

    ProducerRecord<String, byte[]> record = sent().get(0);
    assertThat(record.topic()).isEqualTo("logfold.access-logs");
    assertThat(record.key()).isEqualTo("web-1");
    assertThat(new String(record.value(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"request\":\"web-1/42\",\"line\":2,\"body\":\"66f5d40230428f57\",\"log\":{\"time\":\"2025-06-10T10:41:40Z\",\"ip\":\"184.116.4.244\",\"method\":\"POST\",\"path\":\"/products\",\"status\":500,\"latencyMicros\":971000,\"source\":\"shop\"}}");
    assertThat(header(record, "axon-message-id")).isEqualTo("web-1/42:2");
    assertThat(header(record, "axon-message-type")).isEqualTo("io.logfold.api.ingest.LogReceived");
    assertThat(header(record, "axon-message-revision")).isEqualTo("1");
  }

  @Test
  void keepsTheLogsOfARequestTogether() {
    post("/logs", SEED + "\n" + SEED + "\nnonsense\n" + GOOD);

    assertThat(sent()).hasSize(3);
    assertThat(sent())
        .extracting(ProducerRecord::key)
        .doesNotContainNull()
        .containsOnly(sent().get(0).key());
  }

  @Test
  void prefersTheSourceOfTheLogToThatOfTheRequest() throws Exception {
    post("/logs?source=request", GOOD.replace("{", "{\"source\":\"default\",") + "\n" + GOOD);

    assertThat(payload(0).at("/log/source").asText()).isEqualTo("default");
    assertThat(payload(1).at("/log/source").asText()).isEqualTo("request");
  }

  @Test
  void namesTheFirstTwentyErrorsAndCountsAll() throws Exception {
    HttpResponse<String> answer = post("/logs", "nonsense\n".repeat(30) + SEED);

    assertThat(json(answer).path("rejected").asInt()).isEqualTo(30);
    assertThat(json(answer).path("errors")).hasSize(20);
    assertThat(payload(1).at("/countByCode/unknown-format").asInt()).isEqualTo(30);
    assertThat(payload(1).path("samples")).hasSize(5);
  }

  @Test
  void takesTheSameKeyWithTheSameBodyAgain() {
    assertThat(post("/logs", GOOD, "Idempotency-Key", "same").statusCode()).isEqualTo(202);
    assertThat(post("/logs", GOOD, "Idempotency-Key", "same").statusCode()).isEqualTo(202);
    assertThat(sent()).hasSize(2);
  }

  @Test
  void refusesTheSameKeyWithAnotherBody() {
    post("/logs", GOOD, "Idempotency-Key", "reused");
    assertProblem(post("/logs", SEED, "Idempotency-Key", "reused"), 422, "key-reused");
    assertThat(sent()).hasSize(1);
  }

  @Test
  void letsAKeyBeUsedAgainAfterItsBodyWasRefused() {
    post("/logs", "nonsense", "Idempotency-Key", "corrected");
    assertThat(post("/logs", GOOD, "Idempotency-Key", "corrected").statusCode()).isEqualTo(202);
  }

  @Test
  void answersLaterWithARetryAfterWhenKafkaFails() {
    double unknown = count(IngestMeters.LINES, "outcome", "unknown");
    kafka().sendException = new TimeoutException("no metadata");

    HttpResponse<String> answer = post("/logs", SEED + "\n" + SEED);

    assertProblem(answer, 503, "event-log-unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
    assertThat(count(IngestMeters.LINES, "outcome", "unknown")).isEqualTo(unknown + 2);

    kafka().sendException = null;
    assertThat(post("/logs", SEED).statusCode()).isEqualTo(202);
  }

  @Test
  void refusesUnknownPathsAndMethodsAsProblems() {
    HttpResponse<String> nowhere = post("/nowhere", GOOD);
    assertProblem(nowhere, 404, "not-found");
    assertThat(nowhere.body()).contains("POST /logs");
    HttpResponse<String> get = send(to("/logs").GET().build());
    assertProblem(get, 405, "method-not-allowed");
    assertThat(get.body()).contains("GET");
    assertThat(get.headers().firstValue("Allow")).hasValue("POST");
    assertProblem(send(to("/logs").DELETE().build()), 405, "method-not-allowed");
  }

  @Test
  void showsMetricsHealthAndTheEventLog() {
    assertThat(send(to("/actuator/health").build()).body()).contains("UP");
    assertThat(send(to("/actuator/info").build()).body()).contains("logfold.access-logs");
    assertThat(send(to("/actuator/prometheus").build()).body())
        .contains("logfold_ingest_lines_total{outcome=\"accepted\"}");
  }

  @Test
  void refusesWhatIsNoHttpAsAProblem() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      byte[] request =
          "GET /logs?a=<> HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer)
          .startsWith("HTTP/1.1 400")
          .contains("application/problem+json", "\"code\":\"bad-request\"");
    }
  }

  private static String header(ProducerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
