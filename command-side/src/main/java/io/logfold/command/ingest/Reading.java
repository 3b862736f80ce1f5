package io.logfold.command.ingest;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.ReceiveLogs;
import io.logfold.api.ingest.RejectedLine;
import io.logfold.command.web.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpStatus;

/** What one request turned out to hold, filled while it is read; not thread-safe. */
final class Reading {

  private final int maxLines;
  private final Admission.Place place;
  private final List<ReceiveLogs.Line> logs = new ArrayList<>();
  private final List<RejectedLine> rejected = new ArrayList<>();

  Reading(int maxLines, Admission.Place place) {
    this.maxLines = maxLines;
    this.place = place;
  }

  List<ReceiveLogs.Line> logs() {
    return logs;
  }

  List<RejectedLine> rejected() {
    return rejected;
  }

  int lines() {
    return logs.size() + rejected.size();
  }

  void accept(int line, AccessLog log) {
    logs.add(new ReceiveLogs.Line(line, log));
    checkLines();
  }

  void reject(int line, BadLine why, String excerpt) {
    rejected.add(
        new RejectedLine(line, why.code(), why.reason(), Excerpt.of(excerpt, Excerpt.OF_LINE)));
    checkLines();
  }

  /** Forgets all lines, to be read again in another way. */
  void clear() {
    logs.clear();
    rejected.clear();
    place.noLines();
  }

  private void checkLines() {
    place.line();
    if (lines() > maxLines) {
      throw new Refusal(
          HttpStatus.CONTENT_TOO_LARGE,
          "too-many-lines",
          "The request has more than %d lines; send them in several requests.".formatted(maxLines));
    }
  }
}
