package io.logfold.command.web;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/** Problem documents (RFC 9457) with the {@code code} that counts and answers have in common. */
final class Problems {

  private Problems() {}

  static ProblemDetail of(HttpStatusCode status, String code, String sentence) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, sentence);
    problem.setType(URI.create("urn:logfold:" + code));
    problem.setTitle(titleOf(status.value()));
    problem.setProperty("code", code);
    return problem;
  }

  static String titleOf(int status) {
    HttpStatus known = HttpStatus.resolve(status);
    return known == null ? "Error" : known.getReasonPhrase();
  }

  /** Such as {@code method-not-allowed} for 405. */
  static String codeOf(int status) {
    return switch (status) {
      case 404 -> "not-found";
      case 405 -> "method-not-allowed";
      case 406 -> "not-acceptable";
      case 413 -> "body-too-large";
      case 415 -> "unsupported-media-type";
      case 500 -> "internal-error";
      case 503 -> "unavailable";
      default -> status < 500 ? "bad-request" : "internal-error";
    };
  }
}
