/** How people's commands reach aggregates over HTTP, and what they hear when one is refused. */
@NullMarked
package io.logfold.command.aggregates;

import org.jspecify.annotations.NullMarked;
