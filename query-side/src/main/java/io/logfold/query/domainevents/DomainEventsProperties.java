package io.logfold.query.domainevents;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the topics of one partition.
 *
 * @param topic the write side's domain events
 * @param replicationFactor copies of it and of the topic of threshold events, where this process
 *     makes them
 * @param manage whether to make both topics when they are missing; false where somebody else does
 */
@ConfigurationProperties("logfold.domain-events")
record DomainEventsProperties(
    @DefaultValue("logfold.domain-events") String topic,
    @DefaultValue("1") short replicationFactor,
    @DefaultValue("true") boolean manage) {}
