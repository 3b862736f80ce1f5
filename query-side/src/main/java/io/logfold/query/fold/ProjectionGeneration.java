package io.logfold.query.fold;

import io.logfold.query.fold.Generation.State;
import io.logfold.query.fold.Generation.Switching;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One build of a projection's tables, as it is stored. Times are epoch milliseconds. */
@Entity
@Table(name = "projection_generation")
class ProjectionGeneration {

  private static final int MAX_REASON = 1_000;

  /** A projection's name and the generation's number, from 1. */
  @Embeddable
  record Id(String name, int number) implements Serializable {}

  @EmbeddedId private Id id;

  @Column(nullable = false)
  private int version;

  @Column(nullable = false, columnDefinition = "text")
  private String rule;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false, columnDefinition = "varchar(16)")
  private State state;

  @Column private @Nullable String note;

  @Column(nullable = false)
  private long begun;

  @Column(nullable = false)
  private long changed;

  @Column(name = "read_from")
  private @Nullable Long readFrom;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false, columnDefinition = "varchar(16)")
  private Switching switching;

  @Column private @Nullable Integer replaced;

  @Column(name = "kept_until")
  private @Nullable Long keptUntil;

  @Column(name = "fed_until")
  private @Nullable Long fedUntil;

  @Column private @Nullable String reason;

  @Column(nullable = false)
  private boolean dropped;

  @SuppressWarnings("NullAway.Init") // JPA sets the fields
  protected ProjectionGeneration() {}

  /** The first one, which answers from the start. */
  ProjectionGeneration(Projection projection, Instant now) {
    this(projection, 1, State.LIVE, Switching.BY_HAND, now);
  }

  ProjectionGeneration(
      Projection projection, int number, State state, Switching switching, Instant now) {
    this.id = new Id(projection.name(), number);
    this.version = projection.version();
    this.rule = projection.rule();
    this.state = state;
    this.switching = switching;
    this.begun = now.toEpochMilli();
    this.changed = begun;
  }

  Generation toGeneration() {
    return new Generation(
        new Fold(id.name(), id.number()),
        version,
        rule,
        state,
        note,
        Instant.ofEpochMilli(begun),
        Instant.ofEpochMilli(changed),
        time(readFrom),
        switching,
        replaced,
        time(keptUntil),
        time(fedUntil),
        reason,
        dropped);
  }

  int number() {
    return id.number();
  }

  State state() {
    return state;
  }

  @Nullable Integer replaced() {
    return replaced;
  }

  void note(@Nullable String text, @Nullable Instant from) {
    this.note = text;
    this.readFrom = from == null ? null : (Long) from.toEpochMilli();
  }

  /** From now on rows are folded by the projection as it is. */
  void adopt(Projection projection) {
    this.version = projection.version();
    this.rule = projection.rule();
  }

  void move(State next, Instant now) {
    this.state = next;
    this.changed = now.toEpochMilli();
  }

  void replaces(int number) {
    this.replaced = number;
    this.keptUntil = null;
  }

  void keepUntil(@Nullable Instant time) {
    this.keptUntil = time == null ? null : (Long) time.toEpochMilli();
  }

  void because(String why) {
    this.reason = why.length() <= MAX_REASON ? why : why.substring(0, MAX_REASON);
  }

  void fedUntil(@Nullable Instant time) {
    this.fedUntil = time == null ? null : (Long) time.toEpochMilli();
  }

  void drop() {
    this.dropped = true;
  }

  private static @Nullable Instant time(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }
}
