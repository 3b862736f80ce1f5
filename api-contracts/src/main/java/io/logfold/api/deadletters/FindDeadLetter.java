package io.logfold.api.deadletters;

/** What is known of one record that was kept aside, and what does it say? */
public record FindDeadLetter(long id) {}
