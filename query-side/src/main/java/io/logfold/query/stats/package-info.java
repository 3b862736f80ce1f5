/** GET /stats: rollups per minute and per hour. */
@NullMarked
package io.logfold.query.stats;

import org.jspecify.annotations.NullMarked;
