package io.logfold.command.ingest;

import io.logfold.command.web.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** Takes a body off the wire and unpacks it, within its limits, whatever its headers promise. */
@Component
class BodyReader {

  private static final int SMALL_CHUNK = 16 * 1024;

  /** As much as a promised length is believed; small enough to find room in a heap that is full. */
  private static final int CHUNK = 64 * 1024;

  private final IngestProperties limits;

  BodyReader(IngestProperties limits) {
    this.limits = limits;
  }

  /** The body, decompressed. */
  byte[] read(HttpServletRequest request, Admission.Place place) {
    boolean gzip = isGzip(request);
    if (request.getContentLengthLong() > limits.maxBody().toBytes()) {
      throw tooLarge("The body", limits.maxBody());
    }
    try (InputStream wire = new Wire(request.getInputStream());
        InputStream in = gzip ? new GZIPInputStream(wire, SMALL_CHUNK) : wire) {
      return drain(in, gzip ? SMALL_CHUNK : firstChunk(request.getContentLengthLong()), place);
    } catch (SocketTimeoutException e) {
      throw tooSlow();
    } catch (ZipException | EOFException e) {
      throw Refusal.badRequest(
          gzip ? "broken-gzip" : "broken-body",
          gzip ? "The body is no complete gzip." : "The body ended early.");
    } catch (IOException e) {
      throw Refusal.badRequest("broken-body", "The body could not be read to its end.");
    }
  }

  private static boolean isGzip(HttpServletRequest request) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    return switch (encoding == null ? "" : encoding.trim().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> false;
      case "gzip", "x-gzip" -> true;
      default ->
          throw new Refusal(
              HttpStatus.UNSUPPORTED_MEDIA_TYPE,
              "unsupported-encoding",
              "Content-Encoding '%s' is not supported; send gzip or no encoding."
                  .formatted(Excerpt.ofValue(String.valueOf(encoding))));
    };
  }

  /** One more than is promised, so that a body that keeps its promise takes one chunk. */
  private static int firstChunk(long promised) {
    return promised < 0 ? SMALL_CHUNK : (int) Math.min(promised + 1, CHUNK);
  }

  private byte[] drain(InputStream in, int firstChunk, Admission.Place place) throws IOException {
    List<byte[]> full = new ArrayList<>();
    byte[] chunk = new byte[firstChunk];
    long size = 0;
    int n = in.readNBytes(chunk, 0, chunk.length);
    while (n == chunk.length) {
      size += n;
      check(size, n, place);
      full.add(chunk);
      chunk = new byte[CHUNK];
      n = in.readNBytes(chunk, 0, chunk.length);
    }
    check(size + n, n, place);
    return joined(full, chunk, n, (int) size + n);
  }

  private void check(long size, int more, Admission.Place place) {
    place.body(more);
    if (size > limits.maxUnpackedBody().toBytes()) {
      throw tooLarge("The decompressed body", limits.maxUnpackedBody());
    }
  }

  private static byte[] joined(List<byte[]> full, byte[] last, int lastSize, int size) {
    byte[] body = new byte[size];
    int at = 0;
    for (byte[] chunk : full) {
      System.arraycopy(chunk, 0, body, at, chunk.length);
      at += chunk.length;
    }
    System.arraycopy(last, 0, body, at, lastSize);
    return body;
  }

  private static Refusal tooLarge(String what, DataSize limit) {
    return new Refusal(
        HttpStatus.CONTENT_TOO_LARGE,
        "body-too-large",
        "%s is larger than %d bytes; send it in several requests."
            .formatted(what, limit.toBytes()));
  }

  private static Refusal tooSlow() {
    return new Refusal(
        HttpStatus.REQUEST_TIMEOUT, "body-too-slow", "The body did not arrive in time.");
  }

  /** The bytes as sent, counted and timed. */
  private final class Wire extends FilterInputStream {

    private final long deadlineNanos = System.nanoTime() + limits.maxReadTime().toNanos();
    private long count;

    Wire(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      arrived(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      arrived(Math.max(0, n));
      return n;
    }

    private void arrived(int n) {
      count += n;
      if (count > limits.maxBody().toBytes()) {
        throw tooLarge("The body", limits.maxBody());
      }
      if (System.nanoTime() - deadlineNanos > 0) {
        throw tooSlow();
      }
    }
  }
}
