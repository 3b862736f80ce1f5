package io.logfold.command.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.logfold.api.ingest.ReceiveLogs;
import io.logfold.api.ingest.RejectedLine;
import io.logfold.api.ingest.RequestId;
import io.logfold.command.web.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes access logs in. The request is read by hand: asking the container for a parameter would let
 * it eat a body that calls itself a form, as curl's do.
 */
@RestController
class IngestController {

  private static final int MAX_ERRORS = 20;

  private final Admission admission;
  private final BodyReader bodies;
  private final RequestReader reader;
  private final KeyMemory keys;
  private final Sources sources;
  private final CommandGateway commands;
  private final IngestMeters meters;

  IngestController(
      Admission admission,
      BodyReader bodies,
      RequestReader reader,
      KeyMemory keys,
      Sources sources,
      CommandGateway commands,
      IngestMeters meters) {
    this.admission = admission;
    this.bodies = bodies;
    this.reader = reader;
    this.keys = keys;
    this.sources = sources;
    this.commands = commands;
    this.meters = meters;
  }

  @PostMapping("/logs")
  ResponseEntity<Receipt> logs(HttpServletRequest request) {
    return answer(HttpStatus.ACCEPTED, null, request);
  }

  /** Where the first Logfold's generator posts its arrays of text lines. */
  @PostMapping("/upload")
  ResponseEntity<Receipt> upload(HttpServletRequest request) {
    return answer(HttpStatus.OK, "Logs processed", request);
  }

  private ResponseEntity<Receipt> answer(
      HttpStatus success, @Nullable String message, HttpServletRequest request) {
    try {
      Reading reading = receive(request);
      meters.answered(success.value(), "none");
      return ResponseEntity.status(success)
          .contentType(MediaType.APPLICATION_JSON)
          .body(Receipt.of(message, reading));
    } catch (Refusal refusal) {
      meters.answered(refusal.status().value(), refusal.code());
      throw refusal;
    }
  }

  private Reading receive(HttpServletRequest request) {
    try (Admission.Place place = admission.enter()) {
      RequestId id = idOf(request);
      String source = sourceOf(request.getQueryString());
      byte[] body = bodies.read(request, place);
      Reading reading = reader.read(body, source, place);
      if (reading.logs().isEmpty()) {
        throw nothingReadable(reading);
      }
      publish(id, keys.remember(id, body, source), source, reading);
      return reading;
    }
  }

  private void publish(RequestId id, @Nullable String body, String source, Reading reading) {
    List<ReceiveLogs.Line> logs = sources.admit(reading.logs());
    List<RejectedLine> rejected = List.copyOf(reading.rejected());
    try {
      commands.sendAndWait(
          new ReceiveLogs(id.value(), body, sources.admit(source), logs, rejected));
    } catch (RuntimeException e) {
      meters.unknown(logs.size());
      throw e;
    }
    meters.accepted(logs.size());
    meters.rejected(rejected);
  }

  private Refusal nothingReadable(Reading reading) {
    List<RejectedLine> rejected = reading.rejected();
    meters.rejected(rejected);
    RejectedLine first = rejected.get(0);
    String sentence =
        rejected.size() == 1
            ? "Line %d: %s".formatted(first.line(), first.reason())
            : "None of %d lines could be read. Line %d: %s"
                .formatted(rejected.size(), first.line(), first.reason());
    return Refusal.badRequest(first.code(), sentence).withErrors(LineError.firstOf(rejected));
  }

  private static RequestId idOf(HttpServletRequest request) {
    List<String> values = Collections.list(request.getHeaders("Idempotency-Key"));
    if (values.isEmpty()) {
      return RequestId.unkeyed();
    }
    try {
      return RequestId.ofKey(values.size() == 1 ? values.get(0) : "");
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("bad-idempotency-key", String.valueOf(e.getMessage()));
    }
  }

  private static String sourceOf(@Nullable String query) {
    for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
      if (parameter.equals("source") || parameter.startsWith("source=")) {
        return source(parameter.substring(Math.min("source=".length(), parameter.length())));
      }
    }
    return Sources.DEFAULT;
  }

  private static String source(String encoded) {
    try {
      String name = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
      if (name.indexOf('\uFFFD') >= 0) {
        throw Refusal.badRequest("bad-source", "source is not UTF-8.");
      }
      return Sources.checked(name);
    } catch (BadLine e) {
      throw Refusal.badRequest(e.code(), e.reason());
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("bad-source", "source is not percent-encoded as a URL asks for.");
    }
  }

  /**
   * What became of a request.
   *
   * @param message the words the first Logfold's senders know, on {@code /upload} only
   * @param accepted lines that are on the log now
   * @param rejected lines that are no access logs
   * @param errors why, for the first 20 of them
   */
  record Receipt(
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String message,
      int accepted,
      int rejected,
      List<LineError> errors) {

    static Receipt of(@Nullable String message, Reading reading) {
      return new Receipt(
          message,
          reading.logs().size(),
          reading.rejected().size(),
          LineError.firstOf(reading.rejected()));
    }
  }

  /** A rejected line without its excerpt: the sender has the line. */
  record LineError(int line, String code, String reason) {

    static List<LineError> firstOf(List<RejectedLine> lines) {
      return lines.stream()
          .limit(MAX_ERRORS)
          .map(line -> new LineError(line.line(), line.code(), line.reason()))
          .toList();
    }
  }
}
