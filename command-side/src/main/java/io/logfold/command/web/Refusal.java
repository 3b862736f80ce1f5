package io.logfold.command.web;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Why a whole request was not accepted, told so that its sender can do something about it. */
public final class Refusal extends RuntimeException {

  private final HttpStatus status;
  private final String code;
  private final @Nullable Duration retryAfter;
  private final List<?> errors;

  /**
   * A refusal that repeating the same request will not change.
   *
   * @param status 4xx
   * @param code the reason as a word to count by, such as {@code body-too-large}
   * @param sentence the reason for a reader: which field or limit, what was expected
   */
  public Refusal(HttpStatus status, String code, String sentence) {
    this(status, code, sentence, null, List.of());
  }

  private Refusal(
      HttpStatus status,
      String code,
      String sentence,
      @Nullable Duration retryAfter,
      List<?> errors) {
    super(sentence);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
    this.errors = List.copyOf(errors);
  }

  /** The request makes no sense as it stands. */
  public static Refusal badRequest(String code, String sentence) {
    return new Refusal(HttpStatus.BAD_REQUEST, code, sentence);
  }

  /** The same request may well succeed later. */
  public static Refusal later(
      HttpStatus status, String code, String sentence, Duration retryAfter) {
    return new Refusal(status, code, sentence, retryAfter, List.of());
  }

  /** The same refusal with what was wrong in detail, as the answer's {@code errors}. */
  public Refusal withErrors(List<?> details) {
    return new Refusal(status, code, sentence(), retryAfter, details);
  }

  public HttpStatus status() {
    return status;
  }

  public String code() {
    return code;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  List<?> errors() {
    return errors;
  }

  /** A client's mistake has no place in our code to point at. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
