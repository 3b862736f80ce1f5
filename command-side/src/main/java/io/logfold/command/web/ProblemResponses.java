package io.logfold.command.web;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Every refusal as {@code application/problem+json}, whatever the sender says it accepts. */
@RestControllerAdvice
class ProblemResponses extends ResponseEntityExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemResponses.class);

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(Refusal refusal) {
    ProblemDetail problem = Problems.of(refusal.status(), refusal.code(), refusal.sentence());
    if (!refusal.errors().isEmpty()) {
      problem.setProperty("errors", refusal.errors());
    }
    var answer =
        ResponseEntity.status(refusal.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    var retryAfter = refusal.retryAfter();
    if (retryAfter != null) {
      answer.header(HttpHeaders.RETRY_AFTER, Long.toString(retryAfter.toSeconds()));
    }
    return answer.body(problem);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> failed(Exception failure) {
    log.error("A request failed for a reason of ours", failure);
    return ResponseEntity.internalServerError()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(
            Problems.of(
                HttpStatus.INTERNAL_SERVER_ERROR,
                Problems.codeOf(500),
                "The server failed; its log says why."));
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception failure,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    String code = Problems.codeOf(status.value());
    ProblemDetail problem = Problems.of(status, code, sentence(failure, status));
    HttpHeaders answered = new HttpHeaders();
    answered.addAll(headers);
    answered.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    return super.handleExceptionInternal(failure, problem, answered, status, request);
  }

  private static String sentence(Exception failure, HttpStatusCode status) {
    if (failure instanceof NoResourceFoundException) {
      return "There is nothing here; logs are taken in at POST /logs and POST /upload.";
    }
    String detail = failure instanceof ErrorResponse known ? known.getBody().getDetail() : null;
    return detail == null ? "The request was refused with " + status.value() + "." : detail;
  }
}
