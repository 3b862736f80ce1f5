/** Reads: Kafka to projections to tables; queries to answers. */
@NullMarked
package io.logfold.query;

import org.jspecify.annotations.NullMarked;
