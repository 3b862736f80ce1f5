package io.logfold.command.incidents;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How patient incidents are.
 *
 * @param settle how long it must stay cleared before it is resolved
 * @param coolDown how long after that a crossing reopens it instead of opening another
 */
@ConfigurationProperties("logfold.incidents")
record IncidentProperties(
    @DefaultValue("30s") Duration settle, @DefaultValue("30m") Duration coolDown) {}
