package io.logfold.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

/** The write side over HTTP on an empty database, while Kafka is away. */
@SpringBootTest(
    classes = CommandSideApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.config.name=command-side",
      "spring.datasource.url=jdbc:h2:mem:${random.uuid};MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE",
      "logfold.kafka.bootstrap-servers=127.0.0.1:1",
      "logfold.log.manage=false",
      "logfold.domain-events.manage=false",
      "logfold.incidents.settle=1s"
    })
public abstract class AggregatesOverHttp {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Autowired protected JdbcTemplate database;
  @LocalServerPort private int port;

  private final HttpClient http = HttpClient.newHttpClient();

  protected HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is stored of an aggregate, as the simple names of its events. */
  protected List<String> events(String aggregateId) {
    return database
        .queryForList(
            "select payload_type from domain_event_entry where aggregate_identifier = ? order by sequence_number",
            String.class,
            aggregateId)
        .stream()
        .map(type -> type.substring(type.lastIndexOf('$') + 1))
        .toList();
  }

  protected static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  protected static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(answer).path("code").asText()).isEqualTo(code);
    assertThat(json(answer).path("detail").asText())
        .isNotEmpty()
        .doesNotContain("Exception", "io.logfold");
  }
}
