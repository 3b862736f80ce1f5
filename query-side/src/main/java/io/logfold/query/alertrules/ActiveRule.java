package io.logfold.query.alertrules;

import io.logfold.api.alerts.RuleDefinition;

/**
 * A rule that is judged.
 *
 * @param ruleId its id, for ever
 * @param rule its definition as it stands
 */
public record ActiveRule(String ruleId, RuleDefinition rule) {}
