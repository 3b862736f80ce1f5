package io.logfold.query.errorlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.api.AccessLog;
import io.logfold.query.Logs;
import io.logfold.query.fold.Generations;
import io.logfold.query.fold.ProjectionTest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class NewestErrorsTest extends ProjectionTest {

  private static final Instant FROM = Logs.NOW.minusSeconds(60);

  @Autowired private ErrorLogTable table;
  @Autowired private Generations generations;

  @Test
  void findsTheNewestOfATimeNewestFirst() {
    given(Logs.at(FROM.minusMillis(1), Logs.notFound("/before")));
    given(Logs.at(FROM, Logs.notFound("/first")));
    given(Logs.at(Logs.NOW.minusMillis(1), Logs.notFound("/last")));
    given(Logs.notFound("/after"));
    assertThat(paths(null, null)).containsExactly("/last", "/first");
  }

  @Test
  void findsThoseOfASourceAndAMethod() {
    Instant time = FROM.plusSeconds(1);
    given(
        Logs.of("shop", Logs.at(time, Logs.notFound("/shop-get"))),
        Logs.of("shop", Logs.at(time, Logs.serverError("/shop-post"))),
        Logs.of("blog", Logs.at(time, Logs.notFound("/blog-get"))));
    assertThat(paths("shop", null)).containsExactlyInAnyOrder("/shop-get", "/shop-post");
    assertThat(paths("shop", "POST")).containsExactly("/shop-post");
    assertThat(paths(null, "GET")).containsExactlyInAnyOrder("/shop-get", "/blog-get");
  }

  private List<String> paths(@Nullable String source, @Nullable String method) {
    untilFolded();
    int generation = generations.live("error-log");
    return table.newest(generation, FROM, Logs.NOW, source, method).stream()
        .map(AccessLog::path)
        .toList();
  }
}
