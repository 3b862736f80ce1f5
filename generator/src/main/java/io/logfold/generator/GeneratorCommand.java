package io.logfold.generator;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: options, then the environment, then defaults. */
@Command(
    name = "generator",
    mixinStandardHelpOptions = true,
    version = "Logfold generator",
    sortOptions = false,
    usageHelpAutoWidth = true,
    showAtFileInUsageHelp = false,
    description = {
      "Writes access logs like a busy web server's, posts them, and keeps exact books.",
      "",
      "Each request has the header 'Idempotency-Key: <run>-<stream>/<sequence>' and is tried again"
          + " with the same key and bytes on 408, 429, 502, 503, 504 and broken connections.",
      ""
    },
    footerHeading = "%nEnvironment (options win over it):%n",
    footer = {
      "  TARGET_API_URL     --target; one that ends in /upload makes the format upload",
      "  RPS                requests a second, each of QTY_IN_BATCH logs",
      "  QTY_IN_BATCH       --batch",
      "  CLIENT_ERROR_FREQ  --client-errors",
      "  SERVER_ERROR_FREQ  --server-errors",
      "  LOGFOLD_TOKEN      --token"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every log that was sent was accepted",
      "1:some were rejected, failed or are unknown",
      "2:the settings make no sense"
    })
final class GeneratorCommand implements Callable<Integer> {

  private static final String DEFAULT_TARGET = "http://127.0.0.1:8080";
  private static final String SEEDS_PATH = "/upload";

  @Option(
      names = "--target",
      paramLabel = "URL",
      description = "Where the receiver listens. Default: " + DEFAULT_TARGET)
  private @Nullable String target;

  @Option(
      names = "--total",
      paramLabel = "N",
      defaultValue = "0",
      description = "Logs of the whole run; 0 = until stopped. Default: ${DEFAULT-VALUE}")
  private long total;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Logs a second; 0 = as fast as the target answers. Default: 100")
  private @Nullable Double rate;

  @Option(names = "--batch", paramLabel = "B", description = "Logs a request. Default: 100")
  private @Nullable Integer batch;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "0",
      description = "No request begins after this long (90s, 5m, 2h); 0 = no limit.")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--streams",
      paramLabel = "K",
      defaultValue = "2",
      description = "Streams; each has one request in flight. Default: ${DEFAULT-VALUE}")
  private int streams;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = {
        "One of ${COMPLETION-CANDIDATES}. Default: json",
        "json, ndjson: latencies in microseconds. text: the seed's line. upload: the seed's JSON"
            + " array of lines, posted to /upload. common, combined: without latency."
      })
  private @Nullable LogFormat format;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "The logs' source, sent as ?source=NAME. Default: the receiver's.")
  private @Nullable String source;

  @Option(names = "--gzip", description = "Compress the bodies.")
  private boolean gzip;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Sent as Authorization: Bearer. Better in the environment: ps shows options.")
  private @Nullable String token;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "The same seed gives the same logs, their times apart. Default: a random one, printed.")
  private @Nullable Long seed;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Distinct clients, chosen by Zipf's law. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--client-errors",
      paramLabel = "SHARE",
      description = "Share of logs with status 404. Default: 0.2")
  private @Nullable Double clientErrors;

  @Option(
      names = "--server-errors",
      paramLabel = "SHARE",
      description = "Share of logs with status 500. Default: 0.1")
  private @Nullable Double serverErrors;

  @Option(
      names = "--outage",
      paramLabel = "AFTER,LENGTH",
      description =
          "So long into the run, for so long, the payment and order paths of the logged shop mostly"
              + " answer 5xx and are slow. Example: 60s,30s")
  private GeneratorSettings.@Nullable Outage outage;

  @Option(
      names = "--give-up-after",
      paramLabel = "TIME",
      defaultValue = "5m",
      description =
          "How long one request may fail in a row. Then its logs count as failed, and a run with"
              + " --total or --duration ends. Default: ${DEFAULT-VALUE}")
  private Duration giveUpAfter = Duration.ZERO;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "How long one try may take. Default: ${DEFAULT-VALUE}")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = "--stream-name",
      paramLabel = "NAME",
      description =
          "First part of the keys. Default: a random one. A name used before makes this run a repeat"
              + " of that one: the receiver drops what it has.")
  private @Nullable String streamName;

  @Option(
      names = "--progress",
      paramLabel = "TIME",
      description =
          "Time between two progress lines on standard error. Default: 1s at a terminal, else 10s")
  private @Nullable Duration progress;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the final report to this file as JSON.")
  private @Nullable Path report;

  @Option(
      names = "--json",
      description =
          "Print the final report on standard output as one line of JSON; the text goes to standard"
              + " error.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  private final Environment environment;
  private final Duration progressEvery;

  GeneratorCommand(Environment environment, Duration progressEvery) {
    this.environment = environment;
    this.progressEvery = progressEvery;
  }

  /** The command line of this program, to be executed with its arguments. */
  static CommandLine commandLine(Environment environment, Duration progressEvery) {
    return new CommandLine(new GeneratorCommand(environment, progressEvery))
        .registerConverter(LogFormat.class, readable(LogFormat::ofName))
        .registerConverter(Duration.class, readable(Durations::parse))
        .registerConverter(GeneratorSettings.Outage.class, readable(Durations::parseOutage));
  }

  @Override
  public Integer call() throws InterruptedException {
    GeneratorSettings settings = settings();
    commandLine()
        .getErr()
        .printf(
            "seed %d, posting %s to %s%n", settings.seed(), settings.format(), settings.endpoint());
    Consumer<String> tell = commandLine().getErr()::println;
    Duration every = progress == null ? progressEvery : progress;
    try (Generator generator = Generator.start(settings, every, tell)) {
      return finish(generator, Ending.onSignal(generator));
    }
  }

  private int finish(Generator generator, Ending ending) throws InterruptedException {
    int status = 1;
    try {
      generator.await();
      GeneratorReport books = generator.report();
      print(books);
      status = save(books) && books.isAllAccepted() ? 0 : 1;
    } finally {
      ending.reported(status);
    }
    return status;
  }

  /** What the options and the environment add up to. */
  GeneratorSettings settings() {
    try {
      return readSettings();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private GeneratorSettings readSettings() {
    String url = given(target, environment.target()).orElse(DEFAULT_TARGET);
    int logs = given(batch, environment.batch()).orElse(100);
    if (progress != null && progress.isZero()) {
      throw new IllegalArgumentException("progress must be more than 0.");
    }
    return GeneratorSettings.to(URI.create(url))
        .format(given(format, seedsFormat(url)).orElse(LogFormat.JSON))
        .total(total)
        .rate(given(rate, environment.requestsPerSecond().map(rps -> rps * logs)).orElse(100.0))
        .batch(logs)
        .seed(seed == null ? new SplittableRandom().nextLong(1_000_000_000) : seed)
        .streams(streams)
        .source(source)
        .gzip(gzip)
        .token(given(token, environment.token()).orElse(null))
        .duration(duration)
        .giveUpAfter(giveUpAfter)
        .timeout(timeout)
        .clientErrors(given(clientErrors, environment.clientErrors()).orElse(0.2))
        .serverErrors(given(serverErrors, environment.serverErrors()).orElse(0.1))
        .outage(outage)
        .clients(clients)
        .streamName(streamName)
        .build();
  }

  private static Optional<LogFormat> seedsFormat(String url) {
    return url.endsWith(SEEDS_PATH) ? Optional.of(LogFormat.UPLOAD) : Optional.empty();
  }

  private static <T> Optional<T> given(@Nullable T option, Optional<T> otherwise) {
    return option == null ? otherwise : Optional.of(option);
  }

  private void print(GeneratorReport books) {
    PrintWriter out = commandLine().getOut();
    (json ? commandLine().getErr() : out).print(books.toText());
    commandLine().getErr().flush();
    if (json) {
      out.println(books.toJson());
    }
    out.flush();
  }

  private boolean save(GeneratorReport books) {
    if (report == null) {
      return true;
    }
    try {
      Files.writeString(report, books.toJson() + "\n", StandardCharsets.UTF_8);
      return true;
    } catch (IOException e) {
      commandLine().getErr().println("The report could not be written to " + report + ": " + e);
      return false;
    }
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("Only picocli calls this");
    }
    return spec.commandLine();
  }

  private static <T> CommandLine.ITypeConverter<T> readable(CommandLine.ITypeConverter<T> parse) {
    return text -> {
      try {
        return parse.convert(text);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
      }
    };
  }
}
