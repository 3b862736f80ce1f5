package io.logfold.query.domainevents;

import io.logfold.query.fold.Generations;
import io.logfold.query.fold.Projection;
import io.logfold.query.fold.ProjectionReset;
import org.axonframework.eventhandling.ResetHandler;

/**
 * A read model of the domain events: an Axon event handler on the processor {@link #PROCESSOR}. The
 * topic may bring an event more than once, and a reset of one projection brings all events to the
 * others again; so each row keeps the sequence number of the last event it took in, and an event
 * that is not newer changes nothing.
 */
public abstract class DomainEventProjection implements Projection {

  /** The processor that reads the domain events, for {@code @ProcessingGroup}. */
  public static final String PROCESSOR = "domain-events";

  private final Generations generations;

  /** For projections. */
  protected DomainEventProjection(Generations generations) {
    this.generations = generations;
  }

  @Override
  public String processor() {
    return PROCESSOR;
  }

  /** The generation that is written. */
  protected int generation() {
    return generations.live(name());
  }

  /** Empties the tables, since all events come again. */
  @ResetHandler
  public void reset() {
    clear(generation());
    generations.adopt(this);
  }

  /** Empties the tables if the projection is named. */
  @ResetHandler
  public void reset(ProjectionReset reset) {
    if (reset.projections().contains(name())) {
      reset();
    }
  }
}
