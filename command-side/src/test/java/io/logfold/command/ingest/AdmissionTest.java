package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;
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
                          "limits.max-bytes-in-flight", "4500B")))
              .bindOrCreate("limits", IngestProperties.class));

  @Test
  void refusesOneRequestTooManyUntilAnotherIsDone() {
    Admission.Place first = admission.enter();
    try (Admission.Place second = admission.enter()) {
      second.body(1);
      assertThatThrownBy(admission::enter)
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("2 requests");
      first.close();
      admission.enter().close();
    }
  }

  @Test
  void refusesOneByteTooManyUntilAnotherRequestIsDone() {
    try (Admission.Place place = admission.enter()) {
      try (Admission.Place other = admission.enter()) {
        other.body(1);
        assertThatThrownBy(() -> place.body(1_500))
            .isInstanceOfSatisfying(
                Refusal.class, refusal -> assertThat(refusal.status().value()).isEqualTo(429))
            .hasMessageContaining("4500 bytes");
      }
    }
    try (Admission.Place place = admission.enter()) {
      assertThatCode(() -> place.body(1_500)).doesNotThrowAnyException();
    }
  }

  /** To try it again would not help. */
  @Test
  void saysSoWhenARequestWouldNotFitEvenAlone() {
    try (Admission.Place place = admission.enter()) {
      assertThatThrownBy(() -> place.body(1_501))
          .isInstanceOfSatisfying(
              Refusal.class, refusal -> assertThat(refusal.status().value()).isEqualTo(413));
    }
  }

  @Test
  void countsLinesBesideTheBodyUntilTheyAreForgotten() {
    try (Admission.Place place = admission.enter()) {
      place.body(100);
      readFourLines(place);
      assertThatThrownBy(place::line).isInstanceOf(Refusal.class);
      place.noLines();
      readFourLines(place);
    }
  }

  private static void readFourLines(Admission.Place place) {
    for (int i = 0; i < 4; i++) {
      place.line();
    }
  }
}
