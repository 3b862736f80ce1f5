/** Incidents: what follows when the read side finds that a threshold was crossed. */
@NullMarked
package io.logfold.command.incidents;

import org.jspecify.annotations.NullMarked;
