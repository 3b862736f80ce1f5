package io.logfold.query.judging;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of judging.
 *
 * @param grace how long after its end a minute waits for its late logs
 * @param catchUp how much of the past is judged after a downtime; what was before is skipped
 * @param every how often to look for a closed minute
 */
@ConfigurationProperties("logfold.judging")
record JudgingProperties(
    @DefaultValue("10s") Duration grace,
    @DefaultValue("1h") Duration catchUp,
    @DefaultValue("2s") Duration every) {}
