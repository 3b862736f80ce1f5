package io.logfold.api.alerts;

import java.time.Instant;
import java.util.List;

/**
 * The answer to {@link PreviewAlertRule}: the very function that judges live minutes, over the
 * minutes as the rollups hold them now.
 *
 * @param minutes how many minutes were judged
 * @param scopes how many scopes were judged in the last of them
 * @param findings what would have been told, oldest first; at most 1,000
 * @param total how many there are in all
 */
public record RulePreview(int minutes, int scopes, List<Finding> findings, long total) {

  /**
   * A {@link ThresholdEvent} that would have been.
   *
   * @param crossed true if the threshold was crossed, false if it was cleared
   * @param value the measure, in its unit
   * @param requests requests in the window
   */
  public record Finding(
      Scope scope, Instant minute, boolean crossed, double value, long requests) {}
}
