package io.logfold.query.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Tells a client how fresh an answer is. */
@Component
public class CachedAnswers {

  private final Clock clock;

  CachedAnswers(Clock clock) {
    this.clock = clock;
  }

  /** The time to note before asking. */
  public Instant now() {
    return clock.instant();
  }

  /**
   * Answers with {@code Age} in seconds and {@code X-Cache: HIT} or {@code MISS}.
   *
   * @param asked when the client asked
   * @param asOf when the answer was read from the database
   */
  public <T> ResponseEntity<T> respond(T body, Instant asked, Instant asOf) {
    long age = Math.max(0, Duration.between(asOf, clock.instant()).toSeconds());
    return ResponseEntity.ok()
        .header("Age", Long.toString(age))
        .header("X-Cache", asOf.isBefore(asked) ? "HIT" : "MISS")
        .body(body);
  }
}
