/** What became of every line on the log. */
@NullMarked
package io.logfold.api.ledger;

import org.jspecify.annotations.NullMarked;
