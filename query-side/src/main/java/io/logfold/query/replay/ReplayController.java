package io.logfold.query.replay;

import io.logfold.query.fold.Fold;
import io.logfold.query.fold.Generation;
import io.logfold.query.fold.Generations;
import io.logfold.query.web.BadParameter;
import io.logfold.query.web.NotFound;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/** {@code /replays}: read models built anew, looked at, switched to, and back. */
@RestController
@RequestMapping("/replays")
class ReplayController {

  private static final int MAX_BODY_BYTES = 16 * 1024;

  private final Replays replays;
  private final ReplayProgress progress;
  private final ReplayStreams streams;
  private final Generations generations;
  private final JsonMapper json;

  ReplayController(
      Replays replays,
      ReplayProgress progress,
      ReplayStreams streams,
      Generations generations,
      JsonMapper json) {
    this.replays = replays;
    this.progress = progress;
    this.streams = streams;
    this.generations = generations;
    this.json = json;
  }

  /** Every replay, the newest first. */
  record ReplayList(List<ReplayReport> replays) {}

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<ReplayReport> begin(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BODY_BYTES + 1);
    if (bytes.length > MAX_BODY_BYTES) {
      throw new BadParameter("body", "The body is longer than %d bytes.".formatted(MAX_BODY_BYTES));
    }
    ReplayRequest asked = ReplayRequest.read(json, bytes, replays.names());
    Generation begun =
        replays.begin(asked.projection(), asked.note(), asked.from(), asked.switching());
    return ResponseEntity.accepted()
        .location(URI.create("/replays/" + begun.fold().id()))
        .body(progress.report(begun));
  }

  @GetMapping
  ResponseEntity<ReplayList> all() {
    return fresh(new ReplayList(replays.all().stream().map(progress::report).toList()));
  }

  @GetMapping("/{id}")
  ResponseEntity<ReplayReport> one(@PathVariable String id) {
    return fresh(progress.report(found(id)));
  }

  @GetMapping(path = "/{id}/progress", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter progress(@PathVariable String id) {
    Fold fold = found(id).fold();
    return streams.open(() -> progress.report(found(fold.id())));
  }

  @GetMapping("/{id}/diff")
  ResponseEntity<ReplayDiff> diff(@PathVariable String id) {
    return fresh(replays.diff(undropped(id)));
  }

  @PostMapping("/{id}/switch")
  ResponseEntity<ReplayReport> switchTo(@PathVariable String id) {
    return changed(id, replays::switchTo);
  }

  @PostMapping("/{id}/rollback")
  ResponseEntity<ReplayReport> rollBack(@PathVariable String id) {
    return changed(id, replays::rollBack);
  }

  @PostMapping("/{id}/cancel")
  ResponseEntity<ReplayReport> cancel(@PathVariable String id) {
    return changed(id, replays::cancel);
  }

  @ExceptionHandler
  ProblemDetail conflict(IllegalStateException e) {
    return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, String.valueOf(e.getMessage()));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> kafkaAway(KafkaException e) {
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.RETRY_AFTER, "5")
        .body(
            ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE,
                "Kafka did not say where the log begins: "
                    + e.getMessage()
                    + " Ask again shortly."));
  }

  private ResponseEntity<ReplayReport> changed(String id, Function<Fold, Generation> change) {
    return fresh(progress.report(change.apply(undropped(id).fold())));
  }

  private Generation undropped(String id) {
    Generation found = found(id);
    if (found.dropped()) {
      throw new IllegalStateException("The rows of %s are gone.".formatted(id));
    }
    return found;
  }

  private Generation found(String id) {
    return generations.all().stream()
        .filter(each -> each.fold().generation() > 1 && each.fold().id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new NotFound("There is no replay '%s'; see /replays.".formatted(shown(id))));
  }

  private static String shown(String id) {
    String printable = id.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= 80 ? printable : printable.substring(0, 80) + "...";
  }

  private static <T> ResponseEntity<T> fresh(T body) {
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
  }
}
