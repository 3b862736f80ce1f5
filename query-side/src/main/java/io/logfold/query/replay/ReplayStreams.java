package io.logfold.query.replay;

import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Progress as it happens: an event a second until nothing more happens by itself. */
@Component
class ReplayStreams {

  private static final Logger log = LoggerFactory.getLogger(ReplayStreams.class);

  /** Each takes a connection and a few questions to the database a second. */
  private static final int MOST = 20;

  private static final Duration LONGEST = Duration.ofHours(6);

  private final Map<SseEmitter, Supplier<ReplayReport>> open = new ConcurrentHashMap<>();

  /**
   * Opens a stream.
   *
   * @throws IllegalStateException if there are too many
   */
  SseEmitter open(Supplier<ReplayReport> report) {
    if (open.size() >= MOST) {
      throw new IllegalStateException(
          "%d streams of progress are open already; ask /replays/{id} instead.".formatted(MOST));
    }
    SseEmitter emitter = new SseEmitter(LONGEST.toMillis());
    emitter.onCompletion(() -> open.remove(emitter));
    emitter.onTimeout(() -> open.remove(emitter));
    emitter.onError(failed -> open.remove(emitter));
    open.put(emitter, report);
    send(emitter, report);
    return emitter;
  }

  @Scheduled(fixedRate = 1, timeUnit = TimeUnit.SECONDS)
  void send() {
    open.forEach(this::send);
  }

  @PreDestroy
  void close() {
    open.keySet().forEach(SseEmitter::complete);
  }

  private void send(SseEmitter emitter, Supplier<ReplayReport> report) {
    try {
      ReplayReport now = report.get();
      emitter.send(SseEmitter.event().name("progress").data(now));
      if (now.state().isSettled()) {
        open.remove(emitter);
        emitter.complete();
      }
    } catch (IOException | RuntimeException e) {
      log.debug("A stream of progress ended: {}", e.getMessage());
      open.remove(emitter);
      emitter.completeWithError(e);
    }
  }
}
