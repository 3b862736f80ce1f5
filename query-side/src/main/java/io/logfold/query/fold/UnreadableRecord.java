package io.logfold.query.fold;

/**
 * A record of the log that is no event of ours. It is delivered like one, so that no offset is
 * passed over unseen.
 *
 * @param reason what was wrong with it
 */
record UnreadableRecord(String reason) {}
