package io.logfold.command.ingest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The common log format, the combined one, and what nginx users append to them:
 *
 * <pre>
 * [vhost ]ip ident user [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326
 *     [ "referrer" "user agent"][ request time in seconds][ whatever else]
 * </pre>
 *
 * A trailing number is taken for the request time only when it has a decimal point: Apache's {@code
 * %D} (microseconds) and {@code %T} (seconds) look alike, and a guess would be wrong by a million.
 */
final class CombinedLogFormat implements LineFormat {

  private static final long MICROS_PER_SECOND = 1_000_000;

  @Override
  public boolean recognises(String line) {
    return line.contains(" [") && line.contains("] \"");
  }

  @Override
  public void read(String line, LogDraft draft) throws BadLine {
    int timeAt = line.indexOf(" [");
    int timeEnd = line.indexOf("] \"", timeAt);
    check(timeEnd > 0, "expected '[time] \"request\"' after the client's address.");
    client(line.substring(0, timeAt), draft);
    draft.commonLogTime(line.substring(timeAt + 2, timeEnd));
    Cursor rest = new Cursor(line, timeEnd + 2);
    request(rest.quoted(), draft);
    draft.status(Numbers.whole("status", rest.word()));
    size(rest.word(), draft);
    tail(rest, draft);
  }

  /** {@code ip ident user}, or the same after the virtual host; the ident is always a dash. */
  private static void client(String prefix, LogDraft draft) throws BadLine {
    String[] words = prefix.split(" ", 5);
    check(words.length >= 3, "expected 'ip ident user' before the time.");
    boolean hasHost = words.length >= 4 && !words[1].equals("-") && words[2].equals("-");
    if (hasHost) {
      draft.host(withoutPort(words[0]));
    }
    draft.ip(words[hasHost ? 1 : 0]);
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    boolean isAddress = colon != host.indexOf(':');
    return colon < 1 || isAddress ? host : host.substring(0, colon);
  }

  private static void request(String quoted, LogDraft draft) throws BadLine {
    String line = unescaped(quoted);
    int first = line.indexOf(' ');
    int last = line.lastIndexOf(' ');
    if (first < 1 || (last > first && !line.startsWith("HTTP/", last + 1))) {
      throw new BadLine(
          "bad-request-line",
          "request is '%s', expected 'METHOD path HTTP/version'.".formatted(Excerpt.ofValue(line)));
    }
    draft.method(line.substring(0, first));
    if (last > first) {
      draft.protocol(line.substring(last + 1));
    }
    draft.path(line.substring(first + 1, last > first ? last : line.length()));
  }

  private static void size(String word, LogDraft draft) throws BadLine {
    draft.bytes(word.equals("-") ? 0 : Numbers.whole("bytes", word));
  }

  private static void tail(Cursor rest, LogDraft draft) throws BadLine {
    if (rest.isQuote()) {
      String referrer = unescaped(rest.quoted());
      if (!isNothing(referrer)) {
        draft.referrer(referrer);
      }
    }
    if (rest.isQuote()) {
      String userAgent = unescaped(rest.quoted());
      if (!isNothing(userAgent)) {
        draft.userAgent(userAgent);
      }
    }
    if (rest.isDigit()) {
      String word = rest.word();
      if (word.indexOf('.') > 0) {
        draft.latency(Numbers.decimal("latency", word), MICROS_PER_SECOND);
      }
    }
  }

  private static boolean isNothing(String field) {
    return field.isEmpty() || field.equals("-");
  }

  /** Undoes nginx's {@code \x22} and Apache's {@code \"}; bytes that are no UTF-8 become U+FFFD. */
  private static String unescaped(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    int at = 0;
    while (at < text.length()) {
      int escape = text.indexOf('\\', at);
      int end = escape < 0 ? text.length() : escape;
      bytes.writeBytes(text.substring(at, end).getBytes(StandardCharsets.UTF_8));
      at = escape < 0 ? end : unescape(text, escape, bytes);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Writes what the escape at {@code at} stands for, and says where it ends. */
  private static int unescape(String text, int at, ByteArrayOutputStream bytes) {
    char kind = at + 1 < text.length() ? text.charAt(at + 1) : '\\';
    int hex = kind == 'x' ? hex(text, at + 2) : -1;
    if (hex >= 0) {
      bytes.write(hex);
      return at + 4;
    }
    switch (kind) {
      case 'n' -> bytes.write('\n');
      case 't' -> bytes.write('\t');
      case 'r' -> bytes.write('\r');
      case '"', '\\' -> bytes.write(kind);
      default -> {
        bytes.write('\\');
        return at + 1;
      }
    }
    return at + 2;
  }

  private static int hex(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static void check(boolean holds, String reason) throws BadLine {
    if (!holds) {
      throw new BadLine("bad-line", reason);
    }
  }

  /** Walks the part of the line after the time. */
  private static final class Cursor {

    private final String line;
    private int at;

    Cursor(String line, int at) {
      this.line = line;
      this.at = at;
    }

    boolean isQuote() {
      return at < line.length() && line.charAt(at) == '"';
    }

    boolean isDigit() {
      return at < line.length() && Character.isDigit(line.charAt(at));
    }

    /** What stands between the quotes here, still escaped. */
    String quoted() throws BadLine {
      int from = at + 1;
      int end = from;
      while (end < line.length() && line.charAt(end) != '"') {
        end += line.charAt(end) == '\\' ? 2 : 1;
      }
      check(end < line.length(), "a quoted field has no closing quote.");
      at = Math.min(end + 2, line.length());
      return line.substring(from, end);
    }

    String word() throws BadLine {
      check(at < line.length(), "the line ends before status and size.");
      int space = line.indexOf(' ', at);
      int end = space < 0 ? line.length() : space;
      String word = line.substring(at, end);
      at = Math.min(end + 1, line.length());
      return word;
    }
  }
}
