package io.logfold.command.alertrules;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.logfold.command.AggregatesOverHttp;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;

@DirtiesContext
class DatabaseAwayTest extends AggregatesOverHttp {

  @Autowired HikariDataSource pool;

  @Test
  void asksToComeAgainWithoutTheDatabase() {
    pool.close();

    HttpResponse<String> answer = send("POST", "/alert-rules/a-rule/pause", "");

    assertProblem(answer, 503, "database-unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
  }
}
