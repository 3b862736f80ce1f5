/** Accounts for every line on the log. */
@NullMarked
package io.logfold.query.ledger;

import org.jspecify.annotations.NullMarked;
