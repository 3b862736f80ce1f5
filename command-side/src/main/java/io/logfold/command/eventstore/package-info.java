/** Where aggregates and sagas keep their events; access logs never come here. */
@NullMarked
package io.logfold.command.eventstore;

import org.jspecify.annotations.NullMarked;
