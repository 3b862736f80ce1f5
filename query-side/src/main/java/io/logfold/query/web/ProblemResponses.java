package io.logfold.query.web;

import java.util.concurrent.CompletionException;
import org.axonframework.queryhandling.QueryExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Every error as RFC 9457 {@code application/problem+json}, with a sentence that helps. */
@RestControllerAdvice
class ProblemResponses extends ResponseEntityExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemResponses.class);

  @ExceptionHandler
  ProblemDetail badParameter(BadParameter e) {
    ProblemDetail problem =
        ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    problem.setProperty("parameter", e.parameter());
    return problem;
  }

  @ExceptionHandler
  ProblemDetail notFound(NotFound e) {
    return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, String.valueOf(e.getMessage()));
  }

  @ExceptionHandler
  ProblemDetail refused(Refused e) {
    return ProblemDetail.forStatusAndDetail(e.status(), String.valueOf(e.getMessage()));
  }

  @ExceptionHandler({
    DataAccessException.class,
    TransactionException.class,
    QueryExecutionException.class,
    CompletionException.class
  })
  ResponseEntity<ProblemDetail> databaseAway(RuntimeException e) {
    log.warn("A query could not be answered: {}", e.toString());
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.RETRY_AFTER, "2")
        .body(
            ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The database did not answer; logs are still taken in. Ask again shortly."));
  }
}
