package io.logfold.command;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logfold.command.start.StartRefused;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;

class CommandSideApplicationTest {

  @Test
  void refusesToStartOpenToOthersWithoutAToken() {
    SpringApplicationBuilder application = CommandSideApplication.application();

    assertThatThrownBy(
            () ->
                application.run(
                    "--server.address=0.0.0.0",
                    "--server.port=0",
                    "--logfold.token=",
                    "--logfold.log.manage=false",
                    "--spring.datasource.url=jdbc:h2:mem:open;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"))
        .hasRootCauseInstanceOf(StartRefused.class)
        .hasStackTraceContaining("LOGFOLD_TOKEN");
  }
}
