/** How the write side's domain events come in: read in order, taken in once. */
@NullMarked
package io.logfold.query.domainevents;

import org.jspecify.annotations.NullMarked;
