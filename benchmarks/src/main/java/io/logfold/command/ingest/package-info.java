/** Benchmarks of the package of the same name, which lets nobody else in. */
@NullMarked
package io.logfold.command.ingest;

import org.jspecify.annotations.NullMarked;
