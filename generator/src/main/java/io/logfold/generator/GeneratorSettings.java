package io.logfold.generator;

import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to send, where, and how fast. Make one with {@link #to(URI)}.
 *
 * @param target where the receiver listens, such as {@code http://127.0.0.1:8080}; a trailing
 *     {@code /logs} or {@code /upload} is ignored, as the format decides between them
 * @param format how the logs are written
 * @param total logs of the whole run; 0 means until stopped
 * @param rate logs a second, over all streams; 0 means as fast as the target answers
 * @param batch logs a request
 * @param seed the same seed gives the same logs, their times apart; never part of a key
 * @param streams requests in flight at most: each stream has one
 * @param source the logs' source, or null to leave it to the receiver
 * @param gzip whether bodies are compressed
 * @param token sent as {@code Authorization: Bearer}, or null
 * @param duration no request begins after this long; zero means no limit
 * @param giveUpAfter how long one request may fail in a row before its logs count as failed
 * @param timeout how long one try may take
 * @param clientErrors share of logs with status 404, outside an outage
 * @param serverErrors share of logs with status 500, outside an outage
 * @param outage when the logged shop is in trouble, or null for never
 * @param clients distinct clients to choose from, by Zipf's law
 * @param streamName first part of the keys, or null for a random one. A name used before makes the
 *     receiver take the run for a repeat of the first, and its logs are dropped as duplicates
 */
public record GeneratorSettings(
    URI target,
    LogFormat format,
    long total,
    double rate,
    int batch,
    long seed,
    int streams,
    @Nullable String source,
    boolean gzip,
    @Nullable String token,
    Duration duration,
    Duration giveUpAfter,
    Duration timeout,
    double clientErrors,
    double serverErrors,
    @Nullable Outage outage,
    int clients,
    @Nullable String streamName) {

  /** Requests longer than this are refused by every receiver we know. */
  static final int MAX_BATCH = 100_000;

  static final int MAX_STREAMS = 256;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern KNOWN_PATH = Pattern.compile("/*(/logs|/upload)?/*$");

  /**
   * A time in which some of the logged shop's paths fail and are slow.
   *
   * @param after how long into the run it begins
   * @param length how long it lasts
   */
  public record Outage(Duration after, Duration length) {
    boolean isOn(Duration sinceStart) {
      return sinceStart.compareTo(after) >= 0 && sinceStart.compareTo(after.plus(length)) < 0;
    }
  }

  /** Checks every value, so that a generator that starts can run. */
  public GeneratorSettings {
    require(
        "http".equals(target.getScheme()) || "https".equals(target.getScheme()),
        "target",
        "an http:// or https:// URL");
    require(target.getHost() != null, "target", "a URL with a host, such as http://127.0.0.1:8080");
    require(
        target.getQuery() == null && target.getFragment() == null,
        "target",
        "a URL without ? and #");
    require(total >= 0, "total", "0 or more");
    require(rate >= 0 && rate <= 1e9, "rate", "0 to 1,000,000,000 logs a second");
    require(batch >= 1 && batch <= MAX_BATCH, "batch", "1 to 100,000");
    require(streams >= 1 && streams <= MAX_STREAMS, "streams", "1 to 256");
    require(
        source == null || NAME.matcher(source).matches(), "source", "1 to 64 of A-Z a-z 0-9 . _ -");
    require(token == null || isVisible(token), "token", "visible ASCII characters");
    require(!duration.isNegative(), "duration", "0 or more");
    require(!giveUpAfter.isNegative(), "give-up-after", "0 or more");
    require(timeout.compareTo(Duration.ZERO) > 0, "timeout", "more than 0");
    require(isShare(clientErrors), "client-errors", "0 to 1");
    require(isShare(serverErrors), "server-errors", "0 to 1");
    require(clientErrors + serverErrors <= 1, "client-errors + server-errors", "at most 1");
    require(clients >= 1 && clients <= Clients.MAX, "clients", "1 to 10,000,000");
    require(
        streamName == null || NAME.matcher(streamName).matches(),
        "stream-name",
        "1 to 64 of A-Z a-z 0-9 . _ -");
  }

  /** Settings for a receiver, everything else by default. */
  public static Builder to(URI target) {
    return new Builder(target);
  }

  /** Where requests are posted. */
  URI endpoint() {
    String base = KNOWN_PATH.matcher(target.toString()).replaceFirst("");
    String query = source == null ? "" : "?source=" + source;
    return URI.create(base + format.path() + query);
  }

  /** Whether the run ends by itself. */
  boolean isBounded() {
    return total > 0 || !duration.isZero();
  }

  private static void require(boolean holds, String name, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + expected + ".");
    }
  }

  private static boolean isShare(double share) {
    return share >= 0 && share <= 1;
  }

  private static boolean isVisible(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  /** Collects settings; what is not set keeps its default. */
  public static final class Builder {
    private final URI target;
    private LogFormat format = LogFormat.JSON;
    private long total;
    private double rate = 100;
    private int batch = 100;
    private long seed = 1;
    private int streams = 2;
    private @Nullable String source;
    private boolean gzip;
    private @Nullable String token;
    private Duration duration = Duration.ZERO;
    private Duration giveUpAfter = Duration.ofMinutes(5);
    private Duration timeout = Duration.ofSeconds(30);
    private double clientErrors = 0.2;
    private double serverErrors = 0.1;
    private @Nullable Outage outage;
    private int clients = 10_000;
    private @Nullable String streamName;

    private Builder(URI target) {
      this.target = target;
    }

    /** How the logs are written; {@code json} by default. */
    public Builder format(LogFormat format) {
      this.format = format;
      return this;
    }

    /** Logs of the whole run; 0, the default, means until stopped. */
    public Builder total(long total) {
      this.total = total;
      return this;
    }

    /** Logs a second; 100 by default, 0 means as fast as the target answers. */
    public Builder rate(double rate) {
      this.rate = rate;
      return this;
    }

    /** Logs a request; 100 by default. */
    public Builder batch(int batch) {
      this.batch = batch;
      return this;
    }

    /** The same seed gives the same logs; 1 by default. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Requests in flight at most; 2 by default. */
    public Builder streams(int streams) {
      this.streams = streams;
      return this;
    }

    /** The logs' source; left to the receiver by default. */
    public Builder source(@Nullable String source) {
      this.source = source;
      return this;
    }

    /** Whether bodies are compressed; not by default. */
    public Builder gzip(boolean gzip) {
      this.gzip = gzip;
      return this;
    }

    /** Sent as {@code Authorization: Bearer}; none by default. */
    public Builder token(@Nullable String token) {
      this.token = token;
      return this;
    }

    /** No request begins after this long; no limit by default. */
    public Builder duration(Duration duration) {
      this.duration = duration;
      return this;
    }

    /** How long one request may fail in a row; 5 minutes by default. */
    public Builder giveUpAfter(Duration giveUpAfter) {
      this.giveUpAfter = giveUpAfter;
      return this;
    }

    /** How long one try may take; 30 s by default. */
    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** Share of logs with status 404; 0.2 by default. */
    public Builder clientErrors(double clientErrors) {
      this.clientErrors = clientErrors;
      return this;
    }

    /** Share of logs with status 500; 0.1 by default. */
    public Builder serverErrors(double serverErrors) {
      this.serverErrors = serverErrors;
      return this;
    }

    /** When the logged shop is in trouble; never by default. */
    public Builder outage(@Nullable Outage outage) {
      this.outage = outage;
      return this;
    }

    /** Distinct clients to choose from; 10,000 by default. */
    public Builder clients(int clients) {
      this.clients = clients;
      return this;
    }

    /** First part of the keys; random by default. */
    public Builder streamName(@Nullable String streamName) {
      this.streamName = streamName;
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException with a sentence for the user when a value makes no sense
     */
    public GeneratorSettings build() {
      return new GeneratorSettings(
          target,
          format,
          total,
          rate,
          batch,
          seed,
          streams,
          source,
          gzip,
          token,
          duration,
          giveUpAfter,
          timeout,
          clientErrors,
          serverErrors,
          outage,
          clients,
          streamName);
    }
  }
}
