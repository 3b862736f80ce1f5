package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logfold.command.web.Refusal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AdmissionTest {

  private final Admission admission =
      new Admission(
          new Binder(
                  new MapConfigurationPropertySource(
                      Map.of(
                          "limits.max-requests-in-flight", "2",
                          "limits.max-bytes-in-flight", "100B")))
              .bindOrCreate("limits", IngestProperties.class));

  @Test
  void refusesOneRequestTooManyUntilAnotherIsDone() {
    Admission.Place first = admission.enter();
    try (Admission.Place second = admission.enter()) {
      second.grow(1);
      assertThatThrownBy(admission::enter)
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("2 requests");
      first.close();
      admission.enter().close();
    }
  }

  @Test
  void refusesOneByteTooManyAndGivesAllOfThemBack() {
    try (Admission.Place place = admission.enter()) {
      assertThatThrownBy(() -> place.grow(101))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("100 bytes");
    }
    try (Admission.Place place = admission.enter()) {
      assertThatCode(() -> place.grow(100)).doesNotThrowAnyException();
    }
  }
}
