/** Judges alert rules over closed minutes, and tells whoever opens incidents what it found. */
@NullMarked
package io.logfold.query.judging;

import org.jspecify.annotations.NullMarked;
