package io.logfold.query.fold;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.io.Serializable;

/** One build of a projection's tables: under which rule its rows were folded. */
@Entity
@Table(name = "projection_generation")
class ProjectionGeneration {

  /** Whether readers are answered from it. */
  enum State {
    LIVE
  }

  /** A projection's name and the generation's number, from 1. */
  @Embeddable
  record Id(String name, int number) implements Serializable {}

  @EmbeddedId private Id id;

  @Column(nullable = false)
  private int version;

  @Column(nullable = false)
  private String rule;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false, columnDefinition = "varchar(16)")
  @SuppressWarnings("UnusedVariable") // asked for in queries
  private State state;

  @SuppressWarnings("NullAway.Init") // JPA sets the fields
  protected ProjectionGeneration() {}

  ProjectionGeneration(String name, int number, int version, String rule) {
    this.id = new Id(name, number);
    this.version = version;
    this.rule = rule;
    this.state = State.LIVE;
  }

  int number() {
    return id.number();
  }

  String rule() {
    return rule;
  }

  /** Whether this code with these settings would fold the same rows. */
  boolean isBuiltLike(Projection projection) {
    return version == projection.version() && rule.equals(projection.rule());
  }

  /** From now on rows are folded by the projection as it is. */
  void adopt(Projection projection) {
    this.version = projection.version();
    this.rule = projection.rule();
  }
}
