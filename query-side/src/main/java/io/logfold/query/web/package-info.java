/** What every HTTP endpoint shares: problems and the token. */
@NullMarked
package io.logfold.query.web;

import org.jspecify.annotations.NullMarked;
