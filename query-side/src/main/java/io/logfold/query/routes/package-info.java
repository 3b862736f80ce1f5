/** GET /routes: requests by route, rolled up per minute; what alert rules are judged by. */
@NullMarked
package io.logfold.query.routes;

import org.jspecify.annotations.NullMarked;
