/** GET /logs: the logs whose status is in the error rule. */
@NullMarked
package io.logfold.query.errorlog;

import org.jspecify.annotations.NullMarked;
