package io.logfold.query.cache;

/**
 * What an answer is kept under.
 *
 * @param generation the generation of the projection that answered: another one never sees it
 * @param query the whole query
 */
record AnswerKey(int generation, Object query) {}
