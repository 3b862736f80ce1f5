/** What the two sides say to each other: records only. */
@NullMarked
package io.logfold.api;

import org.jspecify.annotations.NullMarked;
