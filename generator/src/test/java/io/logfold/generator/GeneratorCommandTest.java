package io.logfold.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class GeneratorCommandTest {

  private static final Map<String, String> SEEDS =
      Map.of(
          "RPS", "3",
          "TARGET_API_URL", "http://receiver:8080/upload",
          "CLIENT_ERROR_FREQ", "0.25",
          "SERVER_ERROR_FREQ", "0.15",
          "QTY_IN_BATCH", "50");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void understandsTheSeedsSettingsByTheSeedsNames() {
    GeneratorSettings settings = settings(SEEDS);

    assertThat(settings.endpoint()).hasToString("http://receiver:8080/upload");
    assertThat(settings.format()).isEqualTo(LogFormat.UPLOAD);
    assertThat(settings.rate()).isEqualTo(150);
    assertThat(settings.batch()).isEqualTo(50);
    assertThat(settings.clientErrors()).isEqualTo(0.25);
    assertThat(settings.serverErrors()).isEqualTo(0.15);
  }

  @Test
  void withoutSettingsItDoesWhatTheSeedDoesByDefault() {
    GeneratorSettings settings = settings(Map.of());

    assertThat(settings.rate()).isEqualTo(100);
    assertThat(settings.batch()).isEqualTo(100);
    assertThat(settings.clientErrors()).isEqualTo(0.2);
    assertThat(settings.serverErrors()).isEqualTo(0.1);
    assertThat(settings.endpoint()).hasToString("http://127.0.0.1:8080/logs");
  }

  @Test
  void optionsWinOverTheEnvironment() {
    GeneratorSettings settings =
        settings(
            SEEDS,
            "--target=https://logs.example.org/in/",
            "--format=combined-time",
            "--rate=0",
            "--batch=7",
            "--client-errors=0.5",
            "--server-errors=0",
            "--outage=60s,2m",
            "--give-up-after=90",
            "--token=t");

    assertThat(settings.endpoint()).hasToString("https://logs.example.org/in/logs");
    assertThat(settings.format()).isEqualTo(LogFormat.COMBINED_TIME);
    assertThat(settings.rate()).isZero();
    assertThat(settings.batch()).isEqualTo(7);
    assertThat(settings.clientErrors()).isEqualTo(0.5);
    assertThat(settings.serverErrors()).isZero();
    assertThat(settings.outage())
        .isEqualTo(new GeneratorSettings.Outage(Duration.ofSeconds(60), Duration.ofMinutes(2)));
    assertThat(settings.giveUpAfter()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.token()).isEqualTo("t");
  }

  @Test
  void theTokenMayComeFromTheEnvironment() {
    assertThat(settings(Map.of("LOGFOLD_TOKEN", "s3cret")).token()).isEqualTo("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--target=ftp://x",
        "--target=http://",
        "--target=not a url",
        "--total=-1",
        "--rate=-1",
        "--rate=NaN",
        "--batch=0",
        "--batch=many",
        "--streams=0",
        "--format=xml",
        "--source=a/b",
        "--duration=soon",
        "--outage=5s",
        "--client-errors=0.95",
        "--server-errors=2",
        "--clients=0",
        "--stream-name=a/b",
        "--progress=0",
        "--unknown",
      })
  void refusesWhatMakesNoSenseWithExitStatus2(String option) {
    assertThat(execute(Map.of(), option)).isEqualTo(2);
    assertThat(err.toString()).isNotBlank().doesNotContain("Exception");
  }

  @Test
  void refusesAnEnvironmentThatMakesNoSenseAndNamesTheVariable() {
    assertThat(execute(Map.of("RPS", "fast"))).isEqualTo(2);
    assertThat(err.toString()).contains("RPS").contains("fast");
  }

  @Test
  void exitsWith0AndReportsAsJsonWhenEverythingWasAccepted(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("report.json");
    try (Receiver receiver = new Receiver()) {
      int status =
          execute(
              Map.of(),
              "--target=" + receiver.uri(),
              "--total=250",
              "--rate=0",
              "--json",
              "--report=" + file);

      assertThat(status).isZero();
    }
    assertThat(out.toString().lines()).hasSize(1);
    JsonNode printed = new ObjectMapper().readTree(out.toString());
    assertThat(printed.get("accepted").asLong()).isEqualTo(250);
    assertThat(Files.readString(file)).isEqualTo(out.toString());
    assertThat(err.toString()).contains("seed " + printed.get("seed")).contains("accepted 250");
  }

  @Test
  void exitsWith1WhenItGaveUp() {
    try (Receiver receiver = new Receiver().otherwise(Receiver.answer(503, "Kafka is away."))) {
      int status =
          execute(Map.of(), "--target=" + receiver.uri(), "--total=100", "--give-up-after=100ms");

      assertThat(status).isEqualTo(1);
    }
    assertThat(out.toString())
        .contains("failed 100")
        .contains("gave-up: 100")
        .contains("Kafka is away.");
  }

  @Test
  void printsTheReportAndExitsWith1WhenItsFileCannotBeWritten(@TempDir Path folder) {
    try (Receiver receiver = new Receiver()) {
      Path file = folder.resolve("missing/report.json");
      int status =
          execute(Map.of(), "--target=" + receiver.uri(), "--total=10", "--report=" + file);

      assertThat(status).isEqualTo(1);
    }
    assertThat(out.toString()).contains("accepted 10");
    assertThat(err.toString()).contains("could not be written");
  }

  @Test
  void saysOnTheWayWhatWasAcknowledged() {
    try (Receiver receiver = new Receiver()) {
      execute(
          Map.of(),
          "--target=" + receiver.uri(),
          "--rate=1000",
          "--duration=300ms",
          "--progress=20ms");
    }
    assertThat(err.toString()).containsPattern("s: sent [0-9,]+, acknowledged [0-9,]+ \\(");
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedInCodeToo() {
    assertThatThrownBy(() -> GeneratorSettings.to(URI.create("http://x")).streams(999).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("streams must be 1 to 256.");
  }

  private int execute(Map<String, String> environment, String... arguments) {
    return commandLine(environment).execute(arguments);
  }

  private CommandLine commandLine(Map<String, String> environment) {
    return GeneratorCommand.commandLine(
            new Environment(new HashMap<>(environment)), Duration.ofSeconds(10))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err));
  }

  private GeneratorSettings settings(Map<String, String> environment, String... arguments) {
    CommandLine commandLine = commandLine(environment);
    commandLine.parseArgs(arguments);
    GeneratorCommand command = commandLine.getCommand();
    return command.settings();
  }
}
