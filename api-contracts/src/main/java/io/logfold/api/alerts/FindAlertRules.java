package io.logfold.api.alerts;

/**
 * Which rules are there?
 *
 * @param retired whether the retired ones are asked for too
 */
public record FindAlertRules(boolean retired) {}
