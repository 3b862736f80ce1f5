package io.logfold.query.domainevents;

import io.logfold.query.fold.FeedPositionTable;
import io.logfold.query.fold.Fold;
import io.logfold.query.fold.Generation;
import io.logfold.query.fold.Generations;
import io.logfold.query.fold.Projection;
import io.logfold.query.fold.ProjectionReset;
import java.util.List;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/**
 * A read model of the domain events: an Axon event handler on the processor {@link #PROCESSOR}. The
 * topic may bring an event more than once, and a reset of one projection brings all events to the
 * others again; so each row keeps the sequence number of the last event it took in, and an event
 * that is not newer changes nothing.
 */
public abstract class DomainEventProjection implements Projection {

  /** The processor that reads the domain events, for {@code @ProcessingGroup}. */
  public static final String PROCESSOR = "domain-events";

  /** Resource of a unit of work that feeds one generation only: its number. */
  static final String GENERATION = DomainEventProjection.class.getName() + ".generation";

  private final Generations generations;
  private final FeedPositionTable feeds;

  /** For projections. */
  protected DomainEventProjection(Generations generations, FeedPositionTable feeds) {
    this.generations = generations;
    this.feeds = feeds;
  }

  @Override
  public String processor() {
    return PROCESSOR;
  }

  /**
   * The generations that an event is written to: those that are not fed apart. Nobody hands one
   * over to this processor until the event is written.
   */
  protected List<Integer> written() {
    Integer only = CurrentUnitOfWork.get().root().getResource(GENERATION);
    return only != null
        ? List.of(only)
        : generations.of(name()).stream()
            .filter(each -> each.isFed())
            .map(Generation::fold)
            .filter(fold -> generations.canFeed(fold) && !feeds.isThere(fold))
            .map(Fold::generation)
            .toList();
  }

  /** Empties the tables, since all events come again. */
  @ResetHandler
  public void reset() {
    clear(generations.live(name()));
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
