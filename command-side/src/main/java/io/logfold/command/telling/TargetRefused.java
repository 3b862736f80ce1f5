package io.logfold.command.telling;

import java.net.UnknownHostException;

/** A target must not be called, now or later; the message is a sentence for whoever asks why. */
final class TargetRefused extends UnknownHostException {

  TargetRefused(String sentence) {
    super(sentence);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
