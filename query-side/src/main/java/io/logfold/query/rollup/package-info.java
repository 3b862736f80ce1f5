/** What rollups are made of, whatever they count by: partial counts that merge. */
@NullMarked
package io.logfold.query.rollup;

import org.jspecify.annotations.NullMarked;
