package io.logfold.command.telling;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.alerts.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PostTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2025-06-10T10:42:10Z"), ZoneOffset.UTC);
  private static final String OPEN = "0.0.0.0";
  private static final String LOCAL = "127.0.0.1";

  private Receiver receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void deliversWhenTheTargetTakesIt(int status) throws IOException {
    receiver.answers(Receiver.status(status));
    assertThat(send(LOCAL, receiver.url("/hook")).end()).isEqualTo(Post.Outcome.End.DELIVERED);
    Receiver.Told told = receiver.told().get(0);
    assertThat(told.text()).isEqualTo("{}");
    assertThat(told.delivery()).isEqualTo("id");
    assertThat(told.headers().getFirst("User-Agent")).startsWith("Logfold/");
    assertThat(told.headers().getFirst("Content-Type")).startsWith("application/json");
    assertThat(told.headers())
        .doesNotContainKeys("Upgrade", "Accept-encoding", "Logfold-Signature");
  }

  @ParameterizedTest
  @CsvSource({
    "400, REFUSED",
    "401, REFUSED",
    "403, REFUSED",
    "404, REFUSED",
    "410, REFUSED",
    "422, REFUSED",
    "408, LATER",
    "425, LATER",
    "429, LATER",
    "500, LATER",
    "503, LATER"
  })
  void triesAgainOnlyWhatMayPass(int status, Post.Outcome.End end) throws IOException {
    receiver.answers(Receiver.status(status));
    Post.Outcome outcome = send(LOCAL, receiver.url("/hook"));
    assertThat(outcome.end()).isEqualTo(end);
    assertThat(outcome.error()).isEqualTo("The target answered %d.".formatted(status));
    assertThat(receiver.told()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void followsNoRedirect(int status) throws IOException {
    try (Receiver elsewhere = new Receiver()) {
      receiver.answers(Receiver.status(status, "Location", elsewhere.url("/secret")));
      Post.Outcome outcome = send(LOCAL, receiver.url("/hook"));
      assertThat(outcome.end()).isEqualTo(Post.Outcome.End.REFUSED);
      assertThat(outcome.error()).contains("redirect", "never followed");
      assertThat(elsewhere.told()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"120, PT2M", "'Tue, 10 Jun 2025 10:45:10 GMT', PT3M", "soon,", "-5,"})
  void readsHowLongToWait(String header, Duration wait) throws IOException {
    receiver.answers(Receiver.status(429, "Retry-After", header));
    assertThat(send(LOCAL, receiver.url("/hook")).retryAfter()).isEqualTo(wait);
  }

  @Test
  void quotesTheBeginningOfAnErrorInOneLine() throws IOException {
    receiver.answers(
        (exchange, told) -> {
          byte[] body =
              ("no_such\r\nhook\u0000 " + "x".repeat(5_000)).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(404, body.length);
          exchange.getResponseBody().write(body);
        });
    assertThat(send(LOCAL, receiver.url("/hook")).error())
        .startsWith("The target answered 404: no_such hook xxx")
        .hasSizeLessThan(300);
  }

  @Test
  void leavesATargetThatDoesNotAnswer() throws IOException {
    receiver.answers((exchange, told) -> Thread.sleep(30_000));
    Post.Outcome outcome = send(LOCAL, receiver.url("/hook"));
    assertThat(outcome.end()).isEqualTo(Post.Outcome.End.LATER);
    assertThat(outcome.error()).contains("did not answer within 1000 ms");
  }

  @ParameterizedTest
  @CsvSource({"200, DELIVERED", "500, LATER"})
  void leavesAnAnswerThatHasNoEnd(int status, Post.Outcome.End end) throws IOException {
    receiver.answers(
        (exchange, told) -> {
          exchange.sendResponseHeaders(status, 0);
          OutputStream out = exchange.getResponseBody();
          byte[] more = new byte[64 * 1024];
          while (true) {
            out.write(more);
          }
        });
    assertThat(send(LOCAL, receiver.url("/hook")).end()).isEqualTo(end);
  }

  @Test
  void leavesAnAnswerThatComesDropByDrop() throws IOException {
    receiver.answers(
        (exchange, told) -> {
          exchange.sendResponseHeaders(500, 0);
          for (int i = 0; i < 300; i++) {
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            Thread.sleep(100);
          }
        });
    assertThat(send(LOCAL, receiver.url("/hook")).end()).isEqualTo(Post.Outcome.End.LATER);
  }

  @Test
  void triesAgainWhenNobodyListens() throws IOException {
    receiver.close();
    assertThat(send(LOCAL, receiver.url("/hook")).end()).isEqualTo(Post.Outcome.End.LATER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:PORT/",
        "http://localhost:PORT/",
        "http://2130706433:PORT/",
        "http://0.0.0.0:PORT/",
        "http://[::1]:PORT/",
        "http://[::]:PORT/",
        "http://[::ffff:127.0.0.1]:PORT/",
        "http://[::ffff:7f00:1]:PORT/",
        "http://[::127.0.0.1]:PORT/",
        "http://[64:ff9b::127.0.0.1]:PORT/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[ff02::1]/"
      })
  void callsNoPrivateAddressWhenOthersCanReachTheServer(String url) throws IOException {
    Post.Outcome outcome = send(OPEN, url.replace("PORT", Integer.toString(receiver.port())));
    assertThat(outcome.end()).isEqualTo(Post.Outcome.End.REFUSED);
    assertThat(outcome.error()).contains("which is no public address");
    assertThat(receiver.told()).isEmpty();
  }

  @Test
  void callsAnAddressThatIsAllowed() throws IOException {
    assertThat(send(settings(true, List.of()), OPEN, receiver.url("/")).end())
        .isEqualTo(Post.Outcome.End.DELIVERED);
    assertThat(send(settings(false, List.of("127.0.0.0/30")), OPEN, receiver.url("/")).end())
        .isEqualTo(Post.Outcome.End.DELIVERED);
    assertThat(send(settings(false, List.of("127.0.0.2/31")), OPEN, receiver.url("/")).end())
        .isEqualTo(Post.Outcome.End.REFUSED);
  }

  @Test
  void callsNobodyWhenOneOfSeveralAddressesIsPrivate() throws IOException {
    Dialled dialled = new Dialled();
    Post.Outcome outcome =
        send(
            settings(false, List.of()),
            OPEN,
            "http://both.example/",
            new Names("1.1.1.1 127.0.0.1"),
            dialled);
    assertThat(outcome.end()).isEqualTo(Post.Outcome.End.REFUSED);
    assertThat(dialled.addresses).isEmpty();
  }

  /** The first answer is checked and called; a second one is never asked for within a try. */
  @Test
  void callsTheVeryAddressItCheckedWhenANameChangesItsMeaning() throws IOException {
    Names rebinding = new Names("1.1.1.1", "127.0.0.1");
    Dialled dialled = new Dialled();
    String url = "http://rebinding.example:" + receiver.port() + "/";

    Post.Outcome first = send(settings(false, List.of()), OPEN, url, rebinding, dialled);
    assertThat(first.end()).isEqualTo(Post.Outcome.End.LATER);
    assertThat(dialled.addresses)
        .containsExactly(new InetSocketAddress("1.1.1.1", receiver.port()));
    assertThat(rebinding.answers).hasSize(1);

    Post.Outcome second = send(settings(false, List.of()), OPEN, url, rebinding, Post.DIRECT);
    assertThat(second.end()).isEqualTo(Post.Outcome.End.REFUSED);
    assertThat(receiver.told()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "127.0.0.1",
        "//127.0.0.1/",
        "http:///x",
        "http://127.1/",
        "http://user:password@127.0.0.1/",
        "http://user@127.0.0.1/",
        "http://a b/",
        ""
      })
  void callsOnlyHttpUrlsWithAHostAndWithoutAUser(String url) throws IOException {
    assertThat(send(LOCAL, url).end()).isEqualTo(Post.Outcome.End.REFUSED);
  }

  private static Post.Outcome send(String address, String url) throws IOException {
    return send(settings(false, List.of()), address, url);
  }

  private static Post.Outcome send(TellingProperties settings, String address, String url)
      throws IOException {
    return send(settings, address, url, SystemDefaultDnsResolver.INSTANCE, Post.DIRECT);
  }

  private static Post.Outcome send(
      TellingProperties settings,
      String address,
      String url,
      DnsResolver names,
      DetachedSocketFactory sockets)
      throws IOException {
    CheckedNames checked = TellingConfiguration.checkedNames(settings, address, names);
    try (Post post = new Post(settings, checked, sockets, CLOCK)) {
      return post.send(delivery(url));
    }
  }

  private static TellingProperties settings(boolean allowPrivate, List<String> allow) {
    return new TellingProperties(
        "",
        allowPrivate,
        allow,
        Duration.ofSeconds(3),
        Duration.ofSeconds(1),
        Duration.ofHours(24),
        Duration.ofDays(30));
  }

  private static Delivery delivery(String url) {
    return Delivery.of(
        "id",
        "incident",
        0,
        Delivery.What.OPENED,
        new Target(Target.Kind.WEBHOOK, url),
        "{}".getBytes(StandardCharsets.UTF_8),
        CLOCK.instant(),
        Duration.ofHours(24));
  }

  /** Answers each question with the next of its answers. */
  private static final class Names implements DnsResolver {

    final Deque<String> answers;

    Names(String... answers) {
      this.answers = new ArrayDeque<>(List.of(answers));
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      List<InetAddress> addresses = new ArrayList<>();
      for (String address : answers.removeFirst().split(" ")) {
        addresses.add(InetAddress.getByName(address));
      }
      return addresses.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  /** Notes which addresses were to be called and calls none: a test never leaves this machine. */
  private static final class Dialled implements DetachedSocketFactory {

    final List<SocketAddress> addresses = new ArrayList<>();

    @Override
    public Socket create(Proxy ignored) {
      return new Socket() {
        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
          addresses.add(endpoint);
          throw new ConnectException("A test calls nobody outside");
        }
      };
    }
  }
}
