package io.logfold.query.fold;

/** What is to be read next is no longer on the log; the message names the range. */
class LostLogs extends IllegalStateException {

  private static final long serialVersionUID = 1;

  LostLogs(String sentence) {
    super(sentence);
  }
}
