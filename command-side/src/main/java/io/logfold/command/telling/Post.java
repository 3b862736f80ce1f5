package io.logfold.command.telling;

import io.logfold.api.alerts.Target;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Posts a delivery to its target, once. It follows no redirect, knows no proxy, keeps no connection
 * and no cookie; a call ends in time whatever the other side does. Thread-safe.
 */
class Post implements AutoCloseable {

  /** A socket of this machine alone, whatever proxies its environment names. */
  static final DetachedSocketFactory DIRECT = ignored -> new Socket(Proxy.NO_PROXY);

  private static final int MAX_ANSWER = 8 * 1024;
  private static final int MAX_EXCERPT = 200;
  private static final int MAX_CONNECTIONS = 16;

  private final String secret;
  private final Clock clock;
  private final Duration callTimeout;
  private final CloseableHttpClient http;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "telling-timeouts");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param names looks names up and refuses some
   * @param sockets makes what is connected to the addresses that {@code names} gave
   */
  Post(TellingProperties settings, CheckedNames names, DetachedSocketFactory sockets, Clock clock) {
    this.secret = settings.secret();
    this.clock = clock;
    this.callTimeout = settings.callTimeout();
    this.http = client(settings, names, sockets);
  }

  private static CloseableHttpClient client(
      TellingProperties settings, CheckedNames names, DetachedSocketFactory sockets) {
    Timeout whole = Timeout.of(settings.callTimeout());
    return HttpClients.custom()
        .setConnectionManager(connections(settings, names, sockets))
        .setRoutePlanner(new DefaultRoutePlanner(null))
        .setConnectionReuseStrategy((request, response, context) -> false)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(whole)
                .setResponseTimeout(whole)
                .setProtocolUpgradeEnabled(false)
                .build())
        .setUserAgent(userAgent())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableAuthCaching()
        .disableCookieManagement()
        .disableContentCompression()
        .build();
  }

  private static HttpClientConnectionManager connections(
      TellingProperties settings, CheckedNames names, DetachedSocketFactory sockets) {
    Http1Config limits =
        Http1Config.custom().setMaxHeaderCount(100).setMaxLineLength(MAX_ANSWER).build();
    return new Connections(sockets)
        .setDnsResolver(names)
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder().http1Config(limits).build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                .setSocketTimeout(Timeout.of(settings.callTimeout()))
                .build())
        .setMaxConnTotal(MAX_CONNECTIONS)
        .setMaxConnPerRoute(MAX_CONNECTIONS)
        .build();
  }

  private static String userAgent() {
    String version = Post.class.getPackage().getImplementationVersion();
    return "Logfold/" + (version == null ? "dev" : version);
  }

  /** Tries it; never throws for what the other side does. */
  Outcome send(Delivery delivery) {
    try {
      return call(request(delivery));
    } catch (TargetRefused e) {
      return Outcome.refused(e.sentence());
    }
  }

  private HttpPost request(Delivery delivery) throws TargetRefused {
    byte[] body = delivery.body();
    HttpPost post = new HttpPost(checked(delivery.url()));
    post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    post.setHeader("Logfold-Delivery", delivery.id());
    if (!secret.isEmpty() && delivery.kind() == Target.Kind.WEBHOOK) {
      post.setHeader("Logfold-Signature", Signature.of(secret, clock.instant(), body));
    }
    return post;
  }

  private static URI checked(String url) throws TargetRefused {
    try {
      URI uri = new URI(url);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (!scheme.equals("http") && !scheme.equals("https")) {
        throw new TargetRefused("The target's URL begins with neither http:// nor https://.");
      }
      if (uri.getHost() == null || uri.getRawUserInfo() != null) {
        throw new TargetRefused(
            "The target's URL must name a host, and neither a user nor a password.");
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new TargetRefused("The target's URL cannot be read as one.");
    }
  }

  private Outcome call(HttpPost post) throws TargetRefused {
    AtomicBoolean overdue = new AtomicBoolean();
    ScheduledFuture<?> end =
        timer.schedule(
            () -> {
              overdue.set(true); // first: what is cut off fails before this is over
              post.abort();
            },
            callTimeout.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      ClassicHttpResponse answer = http.executeOpen(null, post, null);
      try {
        return outcome(answer);
      } finally {
        // Cut off before its rest is read, since it may have no end.
        post.abort();
        Closer.closeQuietly(answer);
      }
    } catch (TargetRefused e) {
      throw e;
    } catch (IOException e) {
      return Outcome.later(overdue.get() || isSilence(e) ? tooSlow() : told(e), null);
    } finally {
      end.cancel(false);
    }
  }

  /** The socket's own limit is the same length, and may be over a moment before the timer's. */
  private static boolean isSilence(IOException e) {
    return e instanceof SocketTimeoutException && !(e instanceof ConnectTimeoutException);
  }

  private Outcome outcome(ClassicHttpResponse answer) {
    int status = answer.getCode();
    if (status >= 200 && status < 300) {
      return Outcome.delivered();
    }
    if (status >= 300 && status < 400) {
      return Outcome.refused(
          "The target answered %d, a redirect, and these are never followed.".formatted(status));
    }
    String error = "The target answered %d%s".formatted(status, excerpt(answer));
    boolean passing = status == 408 || status == 425 || status == 429 || status >= 500;
    return passing ? Outcome.later(error, retryAfter(answer)) : Outcome.refused(error);
  }

  /** The beginning of what was answered, in one line. */
  private static String excerpt(ClassicHttpResponse answer) {
    String text = new String(beginning(answer.getEntity()), StandardCharsets.UTF_8);
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    if (line.isEmpty()) {
      return ".";
    }
    return ": " + (line.length() > MAX_EXCERPT ? line.substring(0, MAX_EXCERPT) + "..." : line);
  }

  private static byte[] beginning(@Nullable HttpEntity entity) {
    if (entity == null) {
      return new byte[0];
    }
    try {
      InputStream in = entity.getContent();
      return in == null ? new byte[0] : in.readNBytes(MAX_EXCERPT * 4);
    } catch (IOException e) {
      // The status said enough.
      return new byte[0];
    }
  }

  /** In seconds or as a date; null if there is none that can be read. */
  private @Nullable Duration retryAfter(ClassicHttpResponse answer) {
    Header header = answer.getFirstHeader("Retry-After");
    String value = header == null || header.getValue() == null ? "" : header.getValue().strip();
    if (value.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      return value.isEmpty()
          ? null
          : Duration.between(
              clock.instant(),
              ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return null;
    }
  }

  private String tooSlow() {
    return "The target did not answer within %d ms.".formatted(callTimeout.toMillis());
  }

  private static String told(IOException failure) {
    return "The target could not be reached: %s: %s"
        .formatted(failure.getClass().getSimpleName(), failure.getMessage());
  }

  @Override
  public void close() throws IOException {
    timer.shutdownNow();
    http.close();
  }

  /**
   * How a try ended.
   *
   * @param end what follows from it
   * @param error a sentence; empty when delivered
   * @param retryAfter how long the target asked to wait, or null
   */
  record Outcome(End end, String error, @Nullable Duration retryAfter) {

    /** What follows from a try. */
    enum End {
      /** The target has it. */
      DELIVERED,
      /** Another try may succeed. */
      LATER,
      /** The same try would end the same way. */
      REFUSED
    }

    static Outcome delivered() {
      return new Outcome(End.DELIVERED, "", null);
    }

    static Outcome later(String error, @Nullable Duration retryAfter) {
      return new Outcome(End.LATER, error, retryAfter);
    }

    static Outcome refused(String error) {
      return new Outcome(End.REFUSED, error, null);
    }
  }

  /** Connects plain sockets that know no proxy. */
  private static final class Connections extends PoolingHttpClientConnectionManagerBuilder {

    private final DetachedSocketFactory sockets;

    Connections(DetachedSocketFactory sockets) {
      this.sockets = sockets;
    }

    @Override
    protected HttpClientConnectionOperator createConnectionOperator(
        SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
      return new DefaultHttpClientConnectionOperator(
          sockets,
          ports,
          names,
          RegistryBuilder.<TlsSocketStrategy>create().register(URIScheme.HTTPS.id, tls).build());
    }
  }
}
