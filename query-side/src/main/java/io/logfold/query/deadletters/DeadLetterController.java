package io.logfold.query.deadletters;

import io.logfold.api.deadletters.DeadLetterList;
import io.logfold.api.deadletters.DeadLetterRecord;
import io.logfold.api.deadletters.DeadLetterReport.State;
import io.logfold.api.deadletters.FindDeadLetter;
import io.logfold.api.deadletters.FindDeadLetters;
import io.logfold.query.fold.DeadLetters;
import io.logfold.query.web.NotFound;
import io.logfold.query.web.Parameters;
import java.util.concurrent.CompletableFuture;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /dead-letters}: lists what was kept aside, takes it in after all, or lets it rest. */
@RestController
class DeadLetterController {

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 1_000;

  private final QueryGateway queries;
  private final DeadLetters letters;

  DeadLetterController(QueryGateway queries, DeadLetters letters) {
    this.queries = queries;
    this.letters = letters;
  }

  @GetMapping("/dead-letters")
  CompletableFuture<ResponseEntity<DeadLetterList>> find(
      @RequestParam MultiValueMap<String, String> raw) {
    return queries.query(query(raw), DeadLetterList.class).thenApply(DeadLetterController::fresh);
  }

  @GetMapping("/dead-letters/{id}")
  CompletableFuture<ResponseEntity<DeadLetterRecord>> find(@PathVariable("id") String id) {
    return queries
        .query(
            new FindDeadLetter(number(id)),
            ResponseTypes.optionalInstanceOf(DeadLetterRecord.class))
        .thenApply(found -> fresh(found.orElseThrow(DeadLetterController::none)));
  }

  @PostMapping("/dead-letters/{id}/retry")
  CompletableFuture<ResponseEntity<DeadLetterRecord>> retry(@PathVariable("id") String id) {
    letters.retry(number(id));
    return find(id);
  }

  @PostMapping("/dead-letters/{id}/discard")
  CompletableFuture<ResponseEntity<DeadLetterRecord>> discard(@PathVariable("id") String id) {
    letters.discard(number(id));
    return find(id);
  }

  private static FindDeadLetters query(MultiValueMap<String, String> raw) {
    Parameters parameters = new Parameters(raw, "state", "projection", "limit", "before");
    return new FindDeadLetters(
        parameters.oneOf("state", State.class),
        parameters.text("projection", 64),
        parameters.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT),
        parameters.wholeNumber("before"));
  }

  private static long number(String id) {
    if (!id.matches("[0-9]{1,18}")) {
      throw none();
    }
    return Long.parseLong(id);
  }

  private static NotFound none() {
    return new NotFound("There is no such dead letter.");
  }

  private static <T> ResponseEntity<T> fresh(T body) {
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
  }
}
