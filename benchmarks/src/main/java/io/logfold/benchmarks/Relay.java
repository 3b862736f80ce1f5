package io.logfold.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A way to one or several servers whose connections can be cut. New connections take the servers in
 * turn and pass over those that refuse. Thread-safe.
 */
final class Relay implements AutoCloseable {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final int[] targets;
  private final ServerSocket listening;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile @Nullable String fatal;

  /**
   * Listens at once.
   *
   * @param port its own
   * @param targets the servers' ports on the loopback address
   */
  Relay(int port, int... targets) throws IOException {
    this.targets = targets.clone();
    this.listening = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
    run(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Ends every connection now. Returns how many. */
  int cut() {
    List<Connection> all = List.copyOf(open);
    all.forEach(Connection::close);
    return all.size();
  }

  /**
   * Ends every connection, a single time, as soon as a server answers a request of this kind, and
   * keeps that answer back.
   *
   * @param text what such requests contain, in lower case
   */
  void cutAtAnswerTo(String text) {
    fatal = text;
  }

  /**
   * Ends every connection when its server answers next, and keeps that answer back: what was asked
   * for is done, and nobody hears of it. Returns how many connections.
   */
  int cutAtNextAnswer() {
    List<Connection> all = List.copyOf(open);
    all.forEach(connection -> connection.keepsAnswerBack = true);
    return all.size();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        run(() -> connect(client));
      } catch (IOException e) {
        // Closed, or a client that gave up early.
      }
    }
  }

  private void connect(Socket client) {
    Socket server = nextServer();
    Connection connection = new Connection(client, server);
    if (server == null) {
      connection.close();
      return;
    }
    open.add(connection);
    run(connection::passRequests);
    connection.passAnswers();
  }

  private @Nullable Socket nextServer() {
    int first = turn.getAndIncrement();
    for (int i = 0; i < targets.length; i++) {
      try {
        return new Socket(
            InetAddress.getLoopbackAddress(), targets[Math.floorMod(first + i, targets.length)]);
      } catch (IOException e) {
        // Away: the next one may be there.
      }
    }
    return null;
  }

  private static void run(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  private final class Connection {
    private final Socket client;
    private final @Nullable Socket server;
    private volatile boolean keepsAnswerBack;
    private volatile boolean isFatal;

    Connection(Socket client, @Nullable Socket server) {
      this.client = client;
      this.server = server;
    }

    void passRequests() {
      pass(client, server, false);
    }

    void passAnswers() {
      pass(server, client, true);
    }

    private void pass(@Nullable Socket from, @Nullable Socket to, boolean answers) {
      if (from == null || to == null) {
        return;
      }
      byte[] buffer = new byte[BUFFER_BYTES];
      try {
        from.setTcpNoDelay(true);
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (answers && isCutAtAnswer()) {
            return;
          }
          if (!answers) {
            note(buffer, read);
          }
          out.write(buffer, 0, read);
        }
      } catch (IOException e) {
        // Cut by us, or by an end that is gone.
      } finally {
        close();
      }
    }

    private boolean isCutAtAnswer() {
      if (isFatal && fatal != null) {
        fatal = null;
        cut();
        return true;
      }
      return keepsAnswerBack;
    }

    private void note(byte[] request, int length) {
      String text = fatal;
      isFatal =
          text != null
              && new String(request, 0, length, StandardCharsets.ISO_8859_1)
                  .toLowerCase(Locale.ROOT)
                  .contains(text);
    }

    void close() {
      open.remove(this);
      closeQuietly(client);
      closeQuietly(server);
    }

    private void closeQuietly(@Nullable Socket socket) {
      try {
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        // It is gone either way.
      }
    }
  }
}
