package io.logfold.api.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {

  @ParameterizedTest
  @CsvSource({
    "web-1/42, web-1, 42",
    "a/0, a, 0",
    "a/007, a, 7",
    "a/999999999999999999, a, 999999999999999999"
  })
  void knowsTheStreamAndItsSequence(String key, String stream, long sequence) {
    RequestId id = RequestId.ofKey(key);
    assertThat(id.isNumbered()).isTrue();
    assertThat(id.stream()).isEqualTo(stream);
    assertThat(id.sequence()).hasValue(sequence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"web-1", "/42", "a/", "a/b/42", "a//42", "a/4x", "a/-1", "a/1234567890123456789"})
  void takesAnyOtherKeyForOpaque(String key) {
    RequestId id = RequestId.ofKey(key);
    assertThat(id.isNumbered()).isFalse();
    assertThat(id.stream()).isEqualTo(key);
    assertThat(id.sequence()).isEmpty();
  }

  @Test
  void takesTheNameOfAStreamUpToAHundredCharacters() {
    assertThat(RequestId.ofKey("s".repeat(100) + "/1").isNumbered()).isTrue();
    assertThat(RequestId.ofKey("s".repeat(101) + "/1").isNumbered()).isFalse();
  }
}
