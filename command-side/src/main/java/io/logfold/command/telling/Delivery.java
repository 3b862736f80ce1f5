package io.logfold.command.telling;

import io.logfold.api.alerts.Target;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Lob;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * One message to one target. Made once; whoever sends it changes it by {@link Deliveries} alone,
 * row by row and under conditions.
 */
@Entity
@Table(name = "delivery")
class Delivery {

  /** What happened to the incident. */
  enum What {
    OPENED,
    ESCALATED,
    RESOLVED,
    REOPENED;

    /** As messages, metrics and answers say it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What became of it. */
  enum State {
    /** It waits for its next try, or for what must be told before it. */
    PENDING,
    /** The target took it. */
    DELIVERED,
    /** It will not be tried again unless somebody asks for it. */
    FAILED;

    /** As metrics and answers say it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Id private String id = "";
  private String incidentId = "";

  /** Of the event within its incident: what is told in order. */
  private long sequenceNumber;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  private What what = What.OPENED;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  private Target.Kind kind = Target.Kind.WEBHOOK;

  private String url = "";

  @Lob
  @Column(length = 16_777_215)
  private byte[] body = {};

  @JdbcTypeCode(SqlTypes.VARCHAR)
  private State state = State.PENDING;

  /** Tries begun; who tries it holds it by this number. */
  private int attempts;

  /** When it may be tried next; while it is being tried, when the right to do so ends. */
  private Instant nextAttempt = Instant.EPOCH;

  private Instant giveUpAt = Instant.EPOCH;
  private @Nullable String lastError;
  private Instant created = Instant.EPOCH;
  private @Nullable Instant delivered;

  Delivery() {}

  /**
   * A message that is due at once.
   *
   * @param body what every try sends, byte for byte
   */
  static Delivery of(
      String id,
      String incidentId,
      long sequenceNumber,
      What what,
      Target target,
      byte[] body,
      Instant now,
      Duration giveUpAfter) {
    Delivery delivery = new Delivery();
    delivery.id = id;
    delivery.incidentId = incidentId;
    delivery.sequenceNumber = sequenceNumber;
    delivery.what = what;
    delivery.kind = target.kind();
    delivery.url = target.url();
    delivery.body = body.clone();
    delivery.nextAttempt = now;
    delivery.giveUpAt = now.plus(giveUpAfter);
    delivery.created = now;
    return delivery;
  }

  /** The same for the same event and target, whenever and wherever it is asked for. */
  static String id(String incidentId, long sequenceNumber, int target) {
    String name = "%s/%d/%d".formatted(incidentId, sequenceNumber, target);
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  String id() {
    return id;
  }

  String incidentId() {
    return incidentId;
  }

  long sequenceNumber() {
    return sequenceNumber;
  }

  What what() {
    return what;
  }

  Target.Kind kind() {
    return kind;
  }

  String url() {
    return url;
  }

  byte[] body() {
    return body.clone();
  }

  State state() {
    return state;
  }

  int attempts() {
    return attempts;
  }

  Instant nextAttempt() {
    return nextAttempt;
  }

  Instant giveUpAt() {
    return giveUpAt;
  }

  @Nullable String lastError() {
    return lastError;
  }

  Instant created() {
    return created;
  }

  @Nullable Instant delivered() {
    return delivered;
  }
}
