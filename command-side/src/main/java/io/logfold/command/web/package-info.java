/** What every endpoint shares: who may come in, and how a refusal reads. */
@NullMarked
package io.logfold.command.web;

import org.jspecify.annotations.NullMarked;
