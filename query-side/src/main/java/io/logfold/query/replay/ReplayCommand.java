package io.logfold.query.replay;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Begins a replay on a query side that runs, and shows how far it is. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Builds a read model anew on a query side that runs, while the old one answers, and shows how"
          + " far it is. Ended with Ctrl-C it leaves the replay to itself.",
    },
    footerHeading = "%nEnvironment:%n",
    footer = "  LOGFOLD_TOKEN      the query side's token, if it has one",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:it is ready, or has been switched to",
      "1:it failed, was cancelled, or the query side refused",
      "2:the arguments make no sense"
    })
public final class ReplayCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 500;
  private static final int BAR = 30;

  @Parameters(paramLabel = "PROJECTION", description = "error-log, stats, routes, ...")
  private String projection = "";

  @Option(names = "--url", description = "Where the query side listens.")
  private URI url = URI.create("http://127.0.0.1:8081");

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Read logs appended since then only.")
  private @Nullable String from;

  @Option(names = "--note", description = "Why, for whoever looks at it later.")
  private @Nullable String note;

  @Option(names = "--switch", description = "by-hand, when-ready or when-equal.")
  private String switching = "by-hand";

  @Spec
  @SuppressWarnings("NullAway.Init") // set before anything is called
  private CommandSpec spec;

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  private ReplayCommand() {}

  /**
   * Runs it.
   *
   * @param arguments without the command's own name
   * @return the exit status
   */
  public static int run(List<String> arguments) {
    return new CommandLine(new ReplayCommand()).execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    HttpResponse<String> begun = send(post());
    if (begun.statusCode() != 202) {
      spec.commandLine().getErr().println(refusal(begun));
      return 1;
    }
    return follow(json.readTree(begun.body()).get("id").stringValue());
  }

  private int follow(String id) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    JsonNode report = await(id);
    while (isUnderWay(report)) {
      out.print("\r" + line(id, report));
      out.flush();
      Thread.sleep(POLL_MILLIS);
      report = await(id);
    }
    out.println("\r" + line(id, report));
    String state = report.path("state").asString();
    if (state.equals("ready")) {
      out.printf("Look at it:   curl %s%n", at(id, "/diff"));
      out.printf("Switch to it: curl -X POST %s%n", at(id, "/switch"));
    }
    if (report.has("reason")) {
      out.println(report.get("reason").stringValue());
    }
    return state.equals("ready") || state.equals("switched") ? 0 : 1;
  }

  /** What switches by itself is ready for a moment only. */
  private boolean isUnderWay(JsonNode report) {
    return switch (report.path("state").asString()) {
      case "building", "catching-up" -> true;
      case "ready" -> !switching.equals("by-hand") && !report.has("reason");
      default -> false;
    };
  }

  private static String line(String id, JsonNode report) {
    double percent = report.path("percent").asDouble();
    int full = (int) Math.round(percent / 100 * BAR);
    return String.format(
        Locale.ROOT,
        "%s [%s%s] %5.1f %% %-12s %s%s   ",
        id,
        "#".repeat(full),
        ".".repeat(BAR - full),
        percent,
        report.path("state").asString(),
        report.has("logsPerSecond")
            ? String.format(Locale.ROOT, "%,d logs/s", report.get("logsPerSecond").asLong())
            : "",
        report.has("secondsLeft")
            ? ", %d:%02d left"
                .formatted(
                    report.get("secondsLeft").asLong() / 60,
                    report.get("secondsLeft").asLong() % 60)
            : "");
  }

  /** The query side may be restarted meanwhile: the replay goes on then, and so does this. */
  private JsonNode await(String id) throws InterruptedException {
    long began = System.nanoTime();
    while (true) {
      String complaint;
      try {
        HttpResponse<String> answer = send(request(at(id, "")).GET().build());
        if (answer.statusCode() == 200) {
          return json.readTree(answer.body());
        }
        complaint = refusal(answer);
      } catch (IOException e) {
        complaint = "%s does not answer: %s".formatted(url, e);
      }
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new IllegalStateException(complaint);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private HttpRequest post() {
    ObjectNode asked = json.createObjectNode();
    asked.put("projection", projection).put("switch", switching);
    if (from != null) {
      asked.put("from", from);
    }
    if (note != null) {
      asked.put("note", note);
    }
    return request(url.resolve("/replays"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(asked)))
        .build();
  }

  private URI at(String id, String what) {
    return url.resolve("/replays/" + id + what);
  }

  private static HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    String token = System.getenv("LOGFOLD_TOKEN");
    return token == null || token.isBlank()
        ? request
        : request.header("Authorization", "Bearer " + token.strip());
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private String refusal(HttpResponse<String> answer) {
    try {
      JsonNode detail = json.readTree(answer.body()).path("detail");
      return detail.isString() ? detail.stringValue() : answer.body();
    } catch (JacksonException e) {
      return "The query side answered %d.".formatted(answer.statusCode());
    }
  }
}
