/** Read models built anew from the log, in the shadow of those that answer. */
@NullMarked
package io.logfold.query.replay;

import org.jspecify.annotations.NullMarked;
