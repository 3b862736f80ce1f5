package io.logfold.benchmarks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run measured; the first four figures are those to compare two runs by.
 *
 * @param entry accepted logs with the query side stopped, CPU time of the command side and Kafka
 * @param replay logs folded from the log's beginning into an empty database
 * @param replayRows error rows of the same replay
 * @param noProjections the same without projections and rows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PipelineReport(
    Instant at,
    String commandLine,
    Machine machine,
    MeasuredLoad load,
    VisibleLatency.Result latency,
    Speed entry,
    Speed replay,
    Speed replayRows,
    Speed noProjections,
    @Nullable Limits limits) {

  /** User and system, of all processes but the load generator. */
  @JsonProperty(index = 0)
  double cpuSecondsPerMillionLogs() {
    return load.folded().cpuPerMillion();
  }

  /** From the first request to the last log folded. */
  @JsonProperty(index = 1)
  double logsPerSecond() {
    return load.folded().perSecond();
  }

  @JsonProperty(index = 2)
  long lost() {
    return load.books().lost();
  }

  @JsonProperty(index = 3)
  long doubled() {
    return load.books().doubled();
  }
}
