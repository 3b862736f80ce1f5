/** The whole product in one process, on an embedded Kafka broker and embedded databases. */
@NullMarked
package io.logfold.standalone;

import org.jspecify.annotations.NullMarked;
