package io.logfold.api.incidents;

/** What is known of one incident? */
public record FindIncident(String incidentId) {}
