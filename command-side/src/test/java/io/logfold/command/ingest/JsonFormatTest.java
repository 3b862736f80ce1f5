package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.logfold.api.AccessLog;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFormatTest {

  @Test
  void readsEveryField() throws Exception {
    AccessLog log =
        read(
            """
            {"time":"2025-06-10T10:41:40.123Z","ip":"::1","method":"post","path":"/users/7?full",
             "status":201,"latencyMicros":971000,"source":"shop","bytes":1234,"userAgent":"curl",
             "referrer":"https://example.org/","host":"example.org","protocol":"HTTP/2",
             "route":"/users/{id}","traceId":"4bf9","unknown":{"deep":[1,{"er":2}]}}
            """);

    assertThat(log)
        .isEqualTo(
            new AccessLog(
                Instant.parse("2025-06-10T10:41:40.123Z"),
                "::1",
                "POST",
                "/users/7",
                201,
                971_000,
                "shop",
                1234L,
                "curl",
                "https://example.org/",
                "example.org",
                "HTTP/2",
                "/users/{id}",
                "4bf9"));
  }

  @ParameterizedTest
  @CsvSource({
    "latencyMs, 12.5, 12500",
    "latency_ms, 971, 971000",
    "LatencyMs, \"3\", 3000",
    "latency, \"971ms\", 971000",
    "latency, \"1.5s\", 1500000",
    "latency, \"800us\", 800",
    "latency, \"800\u00b5s\", 800",
    "latencyMicros, null, 0"
  })
  void readsLatencyInItsUnits(String name, String value, long micros) throws Exception {
    AccessLog log =
        read(
            "{\"ts\":0,\"time\":1749552100123,\"ip\":\"a\",\"method\":\"GET\",\"path\":\"/\",\"status\":200,\""
                + name
                + "\":"
                + value
                + "}");
    assertThat(log.latencyMicros()).isEqualTo(micros);
  }

  private static AccessLog read(String json) throws IOException, BadLine {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      LogDraft draft = new LogDraft();
      BadLine bad = new JsonFormat().read(parser, draft);
      if (bad != null) {
        throw bad;
      }
      return draft.toLog(Long.MAX_VALUE, "default");
    }
  }
}
