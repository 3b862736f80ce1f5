/** Records of the event log that were kept aside. */
@NullMarked
package io.logfold.api.deadletters;

import org.jspecify.annotations.NullMarked;
