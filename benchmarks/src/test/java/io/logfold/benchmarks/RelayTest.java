package io.logfold.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest {

  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;
  private Relay relay;

  @BeforeEach
  void startServerAndRelayWithASecondServerAway() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = "yes".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    relay = new Relay(Ports.free(), server.getAddress().getPort(), Ports.free());
  }

  @AfterEach
  void stop() throws IOException {
    relay.close();
    server.stop(0);
  }

  @Test
  void passesOverAServerThatIsAway() throws Exception {
    for (int i = 0; i < 4; i++) {
      assertThat(new Http().get(url()).body()).isEqualTo("yes");
    }
  }

  @Test
  void isThereAgainAfterACut() throws Exception {
    Http http = new Http();
    http.get(url());
    assertThat(relay.cut()).isEqualTo(1);
    assertThat(http.get(url()).body()).isEqualTo("yes");
  }

  @Test
  void keepsTheAnswerBackThoughItWasGiven() throws Exception {
    Http http = new Http();
    http.get(url());
    assertThat(relay.cutAtNextAnswer()).isEqualTo(1);
    // The client sends it again by itself, so the server is asked at least once in vain.
    assertThat(http.get(url()).body()).isEqualTo("yes");
    assertThat(asked.get()).isGreaterThan(2);
  }

  @Test
  void cutsASingleTimeAtTheAnswerToARequestOfAKind() throws Exception {
    Http http = new Http();
    relay.cutAtAnswerTo("get /commit");
    assertThat(http.get(url().resolve("/other")).body()).isEqualTo("yes");
    assertThat(asked.get()).isEqualTo(1);
    assertThat(http.get(url().resolve("/commit")).body()).isEqualTo("yes");
    assertThat(asked.get()).isEqualTo(3);
  }

  @Test
  void refusesWhenItIsClosed() throws Exception {
    relay.close();
    assertThatThrownBy(() -> new Http().get(url())).isInstanceOf(IOException.class);
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + relay.port());
  }
}
