/**
 * What is done to the whole pipeline, each part a process of its own: kill it, and see whether it
 * still counts right.
 */
@NullMarked
package io.logfold.benchmarks;

import org.jspecify.annotations.NullMarked;
