/** Asking how each route does. */
@NullMarked
package io.logfold.api.routes;

import org.jspecify.annotations.NullMarked;
