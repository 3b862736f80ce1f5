package io.logfold.query.judging;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where findings are told.
 *
 * @param topic its name; it has one partition, so that findings stay in order
 */
@ConfigurationProperties("logfold.thresholds")
record ThresholdProperties(@DefaultValue("logfold.thresholds") String topic) {}
