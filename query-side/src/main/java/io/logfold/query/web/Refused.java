package io.logfold.query.web;

import org.springframework.http.HttpStatus;

/** What was asked for cannot be done as things stand; the message is for the client. */
public class Refused extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final HttpStatus status;

  /**
   * Refuses a request.
   *
   * @param status how to answer
   * @param sentence says why
   */
  public Refused(HttpStatus status, String sentence) {
    super(sentence);
    this.status = status;
  }

  HttpStatus status() {
    return status;
  }
}
