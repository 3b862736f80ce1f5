/** Incidents: from the first crossing of a threshold until it is over. */
@NullMarked
package io.logfold.api.incidents;

import org.jspecify.annotations.NullMarked;
