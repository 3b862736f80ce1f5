package io.logfold.standalone;

final class Traffic implements AutoCloseable {
  static Traffic start(int writePort, int logsPerSecond) {
    return new Traffic();
  }

  @Override
  public void close() {}
}
