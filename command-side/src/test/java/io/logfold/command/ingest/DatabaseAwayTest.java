package io.logfold.command.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;

@DirtiesContext
class DatabaseAwayTest extends WriteSideTest {

  @Autowired HikariDataSource database;

  @Test
  void takesLogsInWithoutTheDatabase() {
    database.close();

    assertThat(post("/logs?source=new-in-the-dark", GOOD).statusCode()).isEqualTo(202);
    assertThat(sent()).hasSize(1);
    assertThat(send(to("/actuator/health").build()).statusCode()).isEqualTo(200);
  }
}
