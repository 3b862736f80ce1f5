/** From a request of logs to the events on the log. */
@NullMarked
package io.logfold.api.ingest;

import org.jspecify.annotations.NullMarked;
