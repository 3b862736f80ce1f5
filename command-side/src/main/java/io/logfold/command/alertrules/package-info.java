/** Alert rules: what is watched, decided by whoever defines, changes, pauses or retires them. */
@NullMarked
package io.logfold.command.alertrules;

import org.jspecify.annotations.NullMarked;
