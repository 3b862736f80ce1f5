/** Alert rules: what a team wants to be told about, and when a measure crossed its threshold. */
@NullMarked
package io.logfold.api.alerts;

import org.jspecify.annotations.NullMarked;
