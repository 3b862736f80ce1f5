package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeedLineFormatTest {

  @Test
  void readsTheSeedsLine() throws BadLine {
    assertThat(read("2025-06-10T10:41:40Z 184.116.4.244 POST /products 500 971ms"))
        .isEqualTo(
            new AccessLog(
                Instant.parse("2025-06-10T10:41:40Z"),
                "184.116.4.244",
                "POST",
                "/products",
                500,
                971_000,
                "default",
                null,
                null,
                null,
                null,
                null,
                null,
                null));
  }

  @ParameterizedTest
  @CsvSource({
    "2025-06-10T10:41:40.123456789Z, 2025-06-10T10:41:40.123Z",
    "2025-06-10T10:41:40.5Z, 2025-06-10T10:41:40.500Z",
    "2025-06-10t10:41:40z, 2025-06-10T10:41:40Z",
    "2025-06-10T14:11:40+03:30, 2025-06-10T10:41:40Z",
    "2025-06-10T02:41:40-0800, 2025-06-10T10:41:40Z",
    "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
    "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
    "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z"
  })
  void readsEveryRfc3339Time(String written, String instant) throws BadLine {
    assertThat(read(written + " ::1 GET / 200 1ms").time()).isEqualTo(Instant.parse(instant));
  }

  @Test
  void readsFractionsOfMilliseconds() throws BadLine {
    assertThat(read("2025-06-10T10:41:40Z ::1 get /a?b=c 200 0.25ms").latencyMicros())
        .isEqualTo(250);
  }

  private static AccessLog read(String line) throws BadLine {
    LogDraft draft = new LogDraft();
    new AccessLineFormat().read(line, draft);
    return draft.toLog(Long.MAX_VALUE, "default");
  }
}
