package io.logfold.query.replay;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of replays.
 *
 * @param keep how long the rows are kept that a switch took the place of, for a way back
 */
@ConfigurationProperties("logfold.replay")
record ReplayProperties(@DefaultValue("24h") Duration keep) {}
