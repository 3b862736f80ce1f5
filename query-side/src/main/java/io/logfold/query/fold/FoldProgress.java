package io.logfold.query.fold;

import java.time.Instant;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Whether a projection's tables hold everything that was on the log at a time. It goes by the log's
 * own times of appending, so that neither lag nor downtime nor other processes deceive it.
 */
@Component
public class FoldProgress {

  private final LogOffsets offsets;
  private final FoldPositionTable positions;
  private final FeedPositionTable feeds;
  private final Generations generations;

  FoldProgress(
      LogOffsets offsets,
      FoldPositionTable positions,
      FeedPositionTable feeds,
      Generations generations) {
    this.offsets = offsets;
    this.positions = positions;
    this.feeds = feeds;
    this.generations = generations;
  }

  /**
   * How far a fold must be to have folded everything that was appended before a time.
   *
   * @return next offsets by partition
   * @throws org.apache.kafka.common.KafkaException if Kafka does not say
   */
  public Map<Integer, Long> before(Instant appended) {
    return offsets.at(appended);
  }

  /**
   * Whether the generation of a projection that answers is that far, whoever feeds it.
   *
   * @param nextOffsets by partition
   */
  public boolean reached(String projection, Map<Integer, Long> nextOffsets) {
    Fold fold = new Fold(projection, generations.live(projection));
    Map<Integer, Long> folded = positions.positions(fold);
    feeds
        .all()
        .getOrDefault(fold, Map.of())
        .forEach((part, feed) -> folded.put(part, feed.nextOffset()));
    return nextOffsets.entrySet().stream()
        .allMatch(needed -> folded.getOrDefault(needed.getKey(), 0L) >= needed.getValue());
  }
}
