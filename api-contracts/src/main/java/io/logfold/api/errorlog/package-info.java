/** Asking for the logs that failed. */
@NullMarked
package io.logfold.api.errorlog;

import org.jspecify.annotations.NullMarked;
