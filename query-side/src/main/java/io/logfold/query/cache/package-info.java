/** Answers kept for a while, in Redis or in this process. */
@NullMarked
package io.logfold.query.cache;

import org.jspecify.annotations.NullMarked;
