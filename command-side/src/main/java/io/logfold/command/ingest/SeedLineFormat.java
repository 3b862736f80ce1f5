package io.logfold.command.ingest;

/** {@code 2025-06-10T10:41:40Z 184.116.4.244 POST /products 500 971ms}. */
final class SeedLineFormat implements LineFormat {

  private static final int FIELDS = 6;
  private static final long MICROS_PER_MILLI = 1_000;

  @Override
  public boolean recognises(String line) {
    return line.length() > 10
        && line.charAt(4) == '-'
        && line.charAt(7) == '-'
        && Character.isDigit(line.charAt(0));
  }

  @Override
  public void read(String line, LogDraft draft) throws BadLine {
    String[] fields = fields(line);
    draft.rfc3339(fields[0]);
    draft.ip(fields[1]);
    draft.method(fields[2]);
    draft.path(fields[3]);
    draft.status(Numbers.whole("status", fields[4]));
    draft.latency(millis(fields[5]), MICROS_PER_MILLI);
  }

  private static String[] fields(String line) throws BadLine {
    String[] fields = new String[FIELDS];
    int at = 0;
    for (int i = 0; i < FIELDS; i++) {
      int space = line.indexOf(' ', at);
      boolean last = i == FIELDS - 1;
      if (last ? space >= 0 : space < 0) {
        throw new BadLine(
            "bad-line", "expected 6 fields: time, ip, method, path, status, latency with 'ms'.");
      }
      fields[i] = last ? line.substring(at) : line.substring(at, space);
      at = space + 1;
    }
    return fields;
  }

  private static double millis(String text) throws BadLine {
    if (!text.endsWith("ms")) {
      throw new BadLine(
          "bad-latency",
          "latency is '%s', expected milliseconds such as 971ms.".formatted(Excerpt.ofValue(text)));
    }
    return Numbers.decimal("latency", text.substring(0, text.length() - 2));
  }
}
