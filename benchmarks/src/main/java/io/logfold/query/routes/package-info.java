/** Benchmarks of the package of the same name, which lets nobody else in. */
@NullMarked
package io.logfold.query.routes;

import org.jspecify.annotations.NullMarked;
