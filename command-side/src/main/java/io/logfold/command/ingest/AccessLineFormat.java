package io.logfold.command.ingest;

import java.util.List;

/** Text lines of any known format, told apart line by line. */
final class AccessLineFormat {

  private static final List<LineFormat> FORMATS =
      List.of(new SeedLineFormat(), new CombinedLogFormat());

  void read(String line, LogDraft draft) throws BadLine {
    for (LineFormat format : FORMATS) {
      if (format.recognises(line)) {
        format.read(line, draft);
        return;
      }
    }
    throw new BadLine(
        "unknown-format",
        "The line is of no known format: expected 'time ip method path status latencyms', or the common or combined log format.");
  }
}
