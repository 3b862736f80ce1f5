/** GET /alert-rules: the alert rules as they stand. */
@NullMarked
package io.logfold.query.alertrules;

import org.jspecify.annotations.NullMarked;
