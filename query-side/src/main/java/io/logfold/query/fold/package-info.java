/** One fold of the log: read once, deduplicated once, committed with its position. */
@NullMarked
package io.logfold.query.fold;

import org.jspecify.annotations.NullMarked;
