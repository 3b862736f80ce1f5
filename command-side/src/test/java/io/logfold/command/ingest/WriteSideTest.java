package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logfold.command.CommandSideApplication;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.bean.override.convention.TestBean;

/** The whole write side over HTTP, with kafka-clients' own stand-in where the producer would be. */
@SpringBootTest(
    classes = CommandSideApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.config.name=command-side",
      "spring.datasource.url=jdbc:h2:mem:${random.uuid};MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE",
      "logfold.log.manage=false",
      "logfold.ingest.max-body=64KB",
      "logfold.ingest.max-unpacked-body=256KB",
      "logfold.ingest.max-line=8KB",
      "logfold.ingest.max-lines=100",
      "logfold.log.max-wait=2s"
    })
abstract class WriteSideTest {

  static final String GOOD =
      "{\"time\":\"2025-06-10T10:41:40Z\",\"ip\":\"1.2.3.4\",\"method\":\"GET\",\"path\":\"/a\",\"status\":200}";

  private static final ObjectMapper JSON = new ObjectMapper();

  @SuppressWarnings("NullAway.Init") // Spring sets it before any test
  @TestBean(name = "logProducer")
  Producer<String, byte[]> producer;

  @Autowired MeterRegistry meters;
  @LocalServerPort int port;

  private final HttpClient http = HttpClient.newHttpClient();

  static Producer<String, byte[]> producer() {
    return new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  }

  @BeforeEach
  void forgetWhatWasSent() {
    kafka().clear();
    kafka().sendException = null;
  }

  MockProducer<String, byte[]> kafka() {
    return (MockProducer<String, byte[]>) producer;
  }

  List<ProducerRecord<String, byte[]>> sent() {
    return kafka().history();
  }

  JsonNode payload(int index) throws IOException {
    return JSON.readTree(sent().get(index).value());
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  HttpResponse<String> post(String path, byte[] body, String... headers) {
    return send(path, BodyPublishers.ofByteArray(body), headers);
  }

  /** Without Content-Length. */
  HttpResponse<String> postChunked(String path, byte[] body, String... headers) {
    InputStream in = new ByteArrayInputStream(body);
    return send(path, BodyPublishers.ofInputStream(() -> in), headers);
  }

  private HttpResponse<String> send(String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request = to(path).POST(body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  double count(String meter, String... tags) {
    return Search.in(meters).name(meter).tags(tags).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = json(answer);
    assertThat(problem.path("code").asText()).isEqualTo(code);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotEmpty();
    assertThat(problem.path("detail").asText())
        .isNotEmpty()
        .doesNotContain("Exception", "io.logfold");
  }
}
