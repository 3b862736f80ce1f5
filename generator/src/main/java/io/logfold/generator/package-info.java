/**
 * A program that writes access logs like a busy web server's, sends them over HTTP, and keeps exact
 * books of what was accepted.
 */
@NullMarked
package io.logfold.generator;

import org.jspecify.annotations.NullMarked;
