package io.logfold.command.incidents;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Up to which minute the findings about an alarm were handled; one row an alarm, for ever. */
@Entity
@Table(name = "handled_minute")
class HandledMinute {

  @Id private String alarmHash = "";
  private LocalDateTime minuteUtc = LocalDateTime.MIN;

  HandledMinute() {}

  HandledMinute(String alarmHash, Instant minute) {
    this.alarmHash = alarmHash;
    moveTo(minute);
  }

  boolean covers(Instant minute) {
    return !utc(minute).isAfter(minuteUtc);
  }

  final void moveTo(Instant minute) {
    minuteUtc = utc(minute);
  }

  private static LocalDateTime utc(Instant minute) {
    return LocalDateTime.ofInstant(minute, ZoneOffset.UTC);
  }
}
