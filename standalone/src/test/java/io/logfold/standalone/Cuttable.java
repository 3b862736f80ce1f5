package io.logfold.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to a server that can be cut: connections end, new ones are refused, until it is mended. To
 * whoever uses it the server is gone, whichever server it is.
 */
final class Cuttable implements AutoCloseable {

  private final String host;
  private final int port;
  private final int ownPort;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private ServerSocket listening;

  Cuttable(String host, int port) throws IOException {
    this.host = host;
    this.port = port;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.ownPort = listening.getLocalPort();
    accept(listening);
  }

  int port() {
    return ownPort;
  }

  synchronized void cut() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
    open.clear();
  }

  synchronized void mend() throws IOException {
    listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), ownPort));
    accept(listening);
  }

  @Override
  public void close() throws IOException {
    cut();
  }

  private void accept(ServerSocket server) {
    start(
        () -> {
          while (!server.isClosed()) {
            try {
              connect(server.accept());
            } catch (SocketException e) {
              return;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
  }

  private void connect(Socket client) throws IOException {
    Socket target;
    try {
      target = new Socket(host, port);
    } catch (IOException e) {
      client.close();
      return;
    }
    open.add(client);
    open.add(target);
    start(() -> copy(client, target));
    start(() -> copy(target, client));
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      // Cut, by the test or by an end.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "cuttable");
    thread.setDaemon(true);
    thread.start();
  }
}
