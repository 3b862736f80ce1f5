package io.logfold.command.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = "logfold.ingest.max-bytes-in-flight=60KB")
class AtCapacityTest extends WriteSideTest {

  @Test
  void refusesWhatDoesNotFitForItsLinesAndGoesOn() {
    assertProblem(post("/logs", (GOOD + "\n").repeat(50)), 413, "body-too-large");
    assertThat(sent()).isEmpty();
    assertThat(post("/logs", (GOOD + "\n").repeat(40)).statusCode()).isEqualTo(202);
  }

  @Test
  void refusesWhatDoesNotFitForItsBodyAndGoesOn() {
    String[] packed = {"Content-Encoding", "gzip"};
    assertProblem(post("/logs", gzip(new byte[21 * 1024]), packed), 413, "body-too-large");
    assertThat(post("/logs", gzip(GOOD.getBytes(UTF_8)), packed).statusCode()).isEqualTo(202);
  }

  /** A body that is read twice is held once. */
  @Test
  void forgetsTheLinesOfABodyThatItReadsAgain() {
    String last = GOOD.replace("/a", "/\\u0061");
    String body = "[" + (GOOD + ",").repeat(38) + last + "]";
    assertThat(post("/logs", body).statusCode()).isEqualTo(202);
    assertThat(sent()).hasSize(39);
  }
}
