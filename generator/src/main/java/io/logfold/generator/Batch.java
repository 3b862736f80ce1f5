package io.logfold.generator;

/** The logs of one request: as bytes for every try of it, and as numbers for the books. */
final class Batch {

  final byte[] body;
  final int[] statuses;
  final int[] clients;

  /** As the receiver reads them, see {@link LogFormat#onTheWire}. */
  final int[] latencyMicros;

  Batch(byte[] body, int[] statuses, int[] clients, int[] latencyMicros) {
    this.body = body;
    this.statuses = statuses;
    this.clients = clients;
    this.latencyMicros = latencyMicros;
  }

  int size() {
    return statuses.length;
  }
}
