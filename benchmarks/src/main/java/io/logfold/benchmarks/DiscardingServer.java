package io.logfold.benchmarks;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** The limit of HTTP: reads a request's body, throws it away, and says that all was accepted. */
final class DiscardingServer implements AutoCloseable {

  private static final byte[] RECEIPT =
      "{\"accepted\":%d,\"rejected\":0,\"errors\":[]}"
          .formatted(LoadGenerator.BATCH)
          .getBytes(StandardCharsets.US_ASCII);

  /** It would tell of every thread that outlives it, as this process's own do. */
  private static final Logger TALKATIVE = Logger.getLogger("org.apache");

  private final Tomcat tomcat = new Tomcat();

  private DiscardingServer(Path folder) {
    TALKATIVE.setLevel(Level.SEVERE);
    tomcat.setBaseDir(folder.toString());
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(0);
  }

  /**
   * Starts it on a free port.
   *
   * @param folder for the server's own files
   */
  static DiscardingServer start(Path folder) throws LifecycleException {
    DiscardingServer server = new DiscardingServer(folder);
    var context = server.tomcat.addContext("", null);
    Tomcat.addServlet(context, "discard", new Discard()).addMapping("/logs");
    server.tomcat.getConnector();
    server.tomcat.start();
    return server;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
  }

  @Override
  public void close() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
  }

  private static final class Discard extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      try (InputStream body = request.getInputStream()) {
        body.transferTo(OutputStream.nullOutputStream());
      }
      response.setStatus(HttpServletResponse.SC_ACCEPTED);
      response.setContentType("application/json");
      response.setContentLength(RECEIPT.length);
      response.getOutputStream().write(RECEIPT);
    }
  }
}
