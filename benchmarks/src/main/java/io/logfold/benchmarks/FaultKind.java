package io.logfold.benchmarks;

/** What can go wrong. */
enum FaultKind {
  KILL_QUERY_SIDE("kill -9 of a query side"),
  KILL_COMMAND_SIDE("kill -9 of a command side"),
  KILL_KAFKA("kill -9 of Kafka"),
  KILL_DATABASE("kill -9 of the database"),
  CUT_DATABASE("cut of the query sides from their database"),
  CUT_SENDERS("cut of the senders from the command sides"),
  FREEZE("freeze of any process"),
  QUERY_SIDE_AWAY("a query side away until the other takes over"),
  CUT_KAFKA("cut of everybody from Kafka");

  private final String label;

  FaultKind(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
