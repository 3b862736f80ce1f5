/** Telling people outside: what happens to an incident goes to the hooks its rule names. */
@NullMarked
package io.logfold.command.telling;

import org.jspecify.annotations.NullMarked;
