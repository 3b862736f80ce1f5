/** The write side: HTTP in, commands, events, Kafka. */
@NullMarked
package io.logfold.command;

import org.jspecify.annotations.NullMarked;
