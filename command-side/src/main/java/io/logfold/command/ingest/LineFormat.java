package io.logfold.command.ingest;

/** One way to write an access log as a line of text. */
interface LineFormat {

  /** Whether the line means to be of this format; cheap, and right about every good line. */
  boolean recognises(String line);

  /** Fills in what the line says. */
  void read(String line, LogDraft draft) throws BadLine;
}
