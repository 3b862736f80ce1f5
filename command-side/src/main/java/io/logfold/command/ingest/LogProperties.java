package io.logfold.command.ingest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The event log of access logs: one Kafka topic.
 *
 * @param topic its name
 * @param partitions how many, for ever: another count would send the same key elsewhere
 * @param retention how long a log is kept, or null for ever
 * @param replicationFactor copies of each partition; from 3 on, two must have a log before it
 *     counts as acknowledged
 * @param manage whether to create, check and measure the topic; false where somebody else does
 * @param maxWait how long a request waits for Kafka to acknowledge its logs
 * @param measureEvery how often the topic's size is asked for
 */
@ConfigurationProperties("logfold.log")
record LogProperties(
    @DefaultValue("logfold.access-logs") String topic,
    @DefaultValue("4") int partitions,
    @Nullable Duration retention,
    @DefaultValue("1") short replicationFactor,
    @DefaultValue("true") boolean manage,
    @DefaultValue("9s") Duration maxWait,
    @DefaultValue("30s") Duration measureEvery) {

  long retentionMillis() {
    return retention == null ? -1 : retention.toMillis();
  }
}
