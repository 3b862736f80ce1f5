package io.logfold.query.fold;

import java.util.List;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Folds a topic again from its beginning. Readers see the tables fill. */
@Component
public class Replays {

  private static final Logger log = LoggerFactory.getLogger(Replays.class);

  private final EventProcessingConfiguration processors;
  private final Generations generations;
  private final List<Projection> projections;

  Replays(
      EventProcessingConfiguration processors,
      Generations generations,
      List<Projection> projections) {
    this.processors = processors;
    this.generations = generations;
    this.projections = projections;
  }

  /**
   * Empties projections and folds them anew; the others stay as they are. Every segment of their
   * processors must be this process's.
   *
   * @param names names of declared projections
   */
  public void replay(List<String> names) {
    projections.stream()
        .filter(projection -> names.contains(projection.name()))
        .map(Projection::processor)
        .distinct()
        .forEach(processor -> replay(processor, names));
  }

  /** A new release or another setting may mean other rows: they are folded as the rule now says. */
  @EventListener(ApplicationReadyEvent.class)
  void replayWhatIsOutdated() {
    List<String> outdated =
        generations.outdated(projections).stream().map(Projection::name).toList();
    if (!outdated.isEmpty()) {
      log.info("{} is new or its rule changed: folding again from the beginning.", outdated);
      replay(outdated);
    }
  }

  private void replay(String name, List<String> projectionNames) {
    PooledStreamingEventProcessor processor =
        processors.eventProcessor(name, PooledStreamingEventProcessor.class).orElseThrow();
    processor.shutDown();
    try {
      processor.resetTokens(new ProjectionReset(projectionNames));
    } finally {
      processor.start();
    }
  }
}
