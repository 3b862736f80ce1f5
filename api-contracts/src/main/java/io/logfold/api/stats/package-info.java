/** Asking how much, how slow, how broken. */
@NullMarked
package io.logfold.api.stats;

import org.jspecify.annotations.NullMarked;
