/** GET /dead-letters: the records of the event log that were kept aside. */
@NullMarked
package io.logfold.query.deadletters;

import org.jspecify.annotations.NullMarked;
