package io.logfold.api.alerts;

import java.time.Instant;

/**
 * What would a rule have said?
 *
 * @param from beginning of the first minute to judge
 * @param until beginning of the minute after the last
 */
public record PreviewAlertRule(RuleDefinition rule, Instant from, Instant until) {}
