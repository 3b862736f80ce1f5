/** What the event store says, told to the read side over Kafka. */
@NullMarked
package io.logfold.command.domainevents;

import org.jspecify.annotations.NullMarked;
