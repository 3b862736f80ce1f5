package io.logfold.query.web;

/** What was asked for is not there; the message is for the client. */
public class NotFound extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Says what is not there, in a sentence. */
  public NotFound(String sentence) {
    super(sentence);
  }
}
