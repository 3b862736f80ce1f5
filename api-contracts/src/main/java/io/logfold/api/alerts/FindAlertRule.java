package io.logfold.api.alerts;

/** What is known of one rule? */
public record FindAlertRule(String ruleId) {}
