package io.logfold.generator;

/** One log before it is written; a stream uses the same object for all of its logs. */
final class Line {
  /** Index in {@link Route#ALL}. */
  int route;

  /** The number in the path, or 0. */
  int id;

  int client;
  int status;
  int latencyMicros;

  /** Size of the answer. */
  int bytes;
}
