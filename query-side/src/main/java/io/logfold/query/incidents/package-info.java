/** GET /incidents: every incident and what happened to it. */
@NullMarked
package io.logfold.query.incidents;

import org.jspecify.annotations.NullMarked;
