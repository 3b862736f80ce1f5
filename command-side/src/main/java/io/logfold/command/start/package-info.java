/** How a start that must not go on ends: with a sentence, not a stack trace. */
@NullMarked
package io.logfold.command.start;

import org.jspecify.annotations.NullMarked;
