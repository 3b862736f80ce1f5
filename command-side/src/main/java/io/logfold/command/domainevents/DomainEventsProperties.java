package io.logfold.command.domainevents;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the events of aggregates are published.
 *
 * @param topic its name; it has one partition, so that events stay in order
 * @param replicationFactor copies this topic, and that of the thresholds, get when they are made
 * @param manage whether to make both topics when they are missing; false where somebody else does
 */
@ConfigurationProperties("logfold.domain-events")
record DomainEventsProperties(
    @DefaultValue("logfold.domain-events") String topic,
    @DefaultValue("1") short replicationFactor,
    @DefaultValue("true") boolean manage) {}
