package io.logfold.generator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A real HTTP server that answers by a script, then accepts everything, and keeps what came. */
final class Receiver implements AutoCloseable {

  static {
    // Else each answer waits 40 ms for Nagle's algorithm and a delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** What to do with one try. */
  interface Act {
    void on(HttpExchange exchange, Received received) throws IOException;
  }

  /** One try as it came in. */
  record Received(URI uri, String key, @Nullable String token, @Nullable String type, String body) {
    String stream() {
      return key.substring(0, key.lastIndexOf('/'));
    }

    long sequence() {
      return Long.parseLong(key.substring(key.lastIndexOf('/') + 1));
    }

    List<String> lines() {
      return body.lines().toList();
    }
  }

  private final List<Received> tries = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedDeque<Act> script = new ConcurrentLinkedDeque<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Act otherwise = Receiver::acceptAll;

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** The next try is answered like this; later ones by what was said later. */
  Receiver then(Act act) {
    script.add(act);
    return this;
  }

  /** What to do when the script is over. */
  Receiver otherwise(Act act) {
    otherwise = act;
    return this;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Received> tries() {
    return tries;
  }

  static Act answer(int status, String body, String... headers) {
    return (exchange, received) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      send(exchange, status, body);
    };
  }

  /** Closes the connection without an answer. */
  static void hangUp(HttpExchange exchange, Received received) {
    exchange.close();
  }

  /** As the command side does: counts by line or by element. */
  static void acceptAll(HttpExchange exchange, Received received) throws IOException {
    int logs =
        received.body().startsWith("[")
            ? (int) received.body().chars().filter(c -> c == '{').count()
            : received.lines().size();
    send(exchange, 202, "{\"accepted\":" + logs + ",\"rejected\":0,\"errors\":[]}");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    Received received = read(exchange);
    tries.add(received);
    Act act = script.poll();
    (act == null ? otherwise : act).on(exchange, received);
    exchange.close();
  }

  private static Received read(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
    }
    return new Received(
        exchange.getRequestURI(),
        exchange.getRequestHeaders().getFirst("Idempotency-Key"),
        exchange.getRequestHeaders().getFirst("Authorization"),
        exchange.getRequestHeaders().getFirst("Content-Type"),
        new String(bytes, StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
