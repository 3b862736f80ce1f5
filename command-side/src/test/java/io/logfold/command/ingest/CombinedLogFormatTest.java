package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CombinedLogFormatTest {

  private static final String COMMON =
      "192.0.2.7 - frank [10/Oct/2000:13:55:36 -0700] \"GET /apache_pb.gif HTTP/1.0\" 200 2326";

  @Test
  void readsTheCommonLogFormat() throws BadLine {
    AccessLog log = read(COMMON);

    assertThat(log.time()).isEqualTo(Instant.parse("2000-10-10T20:55:36Z"));
    assertThat(log.ip()).isEqualTo("192.0.2.7");
    assertThat(log.method()).isEqualTo("GET");
    assertThat(log.path()).isEqualTo("/apache_pb.gif");
    assertThat(log.protocol()).isEqualTo("HTTP/1.0");
    assertThat(log.status()).isEqualTo(200);
    assertThat(log.bytes()).isEqualTo(2326);
    assertThat(log.latencyMicros()).isZero();
    assertThat(log.userAgent()).isNull();
  }

  @Test
  void readsTheCombinedLogFormat() throws BadLine {
    AccessLog log = read(COMMON + " \"http://example.org/start\" \"Mozilla/4.08 [en] (Win98)\"");

    assertThat(log.referrer()).isEqualTo("http://example.org/start");
    assertThat(log.userAgent()).isEqualTo("Mozilla/4.08 [en] (Win98)");
  }

  @ParameterizedTest
  @CsvSource({
    "' \"-\" \"-\" 0.042', 42000",
    "' \"-\" \"-\" 1.5 0.9 .', 1500000",
    "' 0.007', 7000",
    "' \"-\" \"-\" \"203.0.113.9\"', 0",
    "' \"-\" \"-\" 450', 0",
    "' \"-\" \"-\" -', 0"
  })
  void takesOnlyANumberWithAPointForTheRequestTime(String tail, long micros) throws BadLine {
    assertThat(read(COMMON + tail).latencyMicros()).isEqualTo(micros);
  }

  @Test
  void takesDashesForNothing() throws BadLine {
    AccessLog log = read(COMMON.replace("2326", "-") + " \"-\" \"-\"");

    assertThat(log.bytes()).isZero();
    assertThat(log.referrer()).isNull();
    assertThat(log.userAgent()).isNull();
  }

  @Test
  void undoesTheEscapesOfBothServers() throws BadLine {
    assertThat(read(COMMON + " \"-\" \"we\\\"ird\\\\ua\"").userAgent()).isEqualTo("we\"ird\\ua");
    assertThat(read(COMMON + " \"-\" \"a\\x22b \\xC3\\xBC\"").userAgent()).isEqualTo("a\"b ü");
    assertThat(read(COMMON + " \"-\" \"odd\\q\"").userAgent()).isEqualTo("odd\\q");
  }

  @Test
  void readsZonesOfHalfHours() throws BadLine {
    AccessLog log = read(COMMON.replace("-0700", "+0330"));
    assertThat(log.time()).isEqualTo(Instant.parse("2000-10-10T10:25:36Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example.org:443 , shop.example.org",
    "shop.example.org, shop.example.org",
    "2001:db8::1, 2001:db8::1"
  })
  void readsTheVirtualHostBeforeTheLine(String prefix, String host) throws BadLine {
    AccessLog log = read(prefix + " " + COMMON);
    assertThat(log.host()).isEqualTo(host);
    assertThat(log.ip()).isEqualTo("192.0.2.7");
  }

  @Test
  void readsHostNamesAndUsersOfTwoWords() throws BadLine {
    AccessLog log = read(COMMON.replace("192.0.2.7 - frank", "proxy-7.example.net - frank miller"));
    assertThat(log.ip()).isEqualTo("proxy-7.example.net");
    assertThat(log.host()).isNull();
  }

  @Test
  void leavesTheQueryOutAndKeepsTheRestOfThePath() throws BadLine {
    assertThat(read(COMMON.replace("/apache_pb.gif", "/a b?x=1 2")).path()).isEqualTo("/a b");
    assertThat(read(COMMON.replace("/apache_pb.gif", "/27|%D9%85,p53")).path())
        .isEqualTo("/27|%D9%85,p53");
  }

  @Test
  void readsARequestWithoutProtocol() throws BadLine {
    AccessLog log = read(COMMON.replace(" HTTP/1.0", ""));
    assertThat(log.path()).isEqualTo("/apache_pb.gif");
    assertThat(log.protocol()).isNull();
  }

  @Test
  void cutsAUserAgentThatNobodyCanHelp() throws BadLine {
    assertThat(read(COMMON + " \"-\" \"" + "x".repeat(3_000) + "\"").userAgent()).hasSize(1_024);
  }

  private static AccessLog read(String line) throws BadLine {
    LogDraft draft = new LogDraft();
    new AccessLineFormat().read(line, draft);
    return draft.toLog(Long.MAX_VALUE, "default");
  }
}
