/** From the bytes of a request to events on Kafka. */
@NullMarked
package io.logfold.command.ingest;

import org.jspecify.annotations.NullMarked;
