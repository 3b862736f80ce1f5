package io.logfold.command.telling;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignatureTest {

  /** Expected as openssl makes it: {@code printf '1749552130.{"a":"ä"}' | openssl dgst ...}. */
  @Test
  void signsTimeAndBodyAsOpensslDoes() {
    byte[] body = "{\"a\":\"ä\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(Signature.of("s3cret", Instant.ofEpochSecond(1749552130), body))
        .isEqualTo(
            "t=1749552130,v1=4470b1a8486dc6831534076d974d6ebfb7394cf0fee045f446b083ed5ef9395c");
  }
}
