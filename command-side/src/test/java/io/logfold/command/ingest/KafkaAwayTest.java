package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(
    properties = {
      "logfold.log.manage=true",
      "logfold.kafka.bootstrap-servers=host.invalid:9092,127.0.0.1:1"
    })
class KafkaAwayTest extends WriteSideTest {

  @Test
  void startsAndRefusesLogsUntilTheTopicIsThere() {
    HttpResponse<String> answer = post("/logs", GOOD);

    assertProblem(answer, 503, "event-log-unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
    assertThat(send(to("/actuator/health").build()).statusCode()).isEqualTo(503);
    assertThat(sent()).isEmpty();
  }
}
