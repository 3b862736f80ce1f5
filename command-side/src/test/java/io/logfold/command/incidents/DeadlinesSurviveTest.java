package io.logfold.command.incidents;

import static io.logfold.command.Alarms.RULE_ID;
import static io.logfold.command.Alarms.cleared;
import static io.logfold.command.Alarms.crossed;
import static io.logfold.command.Alarms.incidentOf;
import static io.logfold.command.Alarms.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logfold.api.alerts.AlertRuleCommand;
import io.logfold.api.alerts.ThresholdEvent;
import io.logfold.command.CommandSideApplication;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class DeadlinesSurviveTest {

  private static final String DEADLINES = "select count(*) from scheduled_tasks";
  private static final String RESOLVED =
      "select count(*) from domain_event_entry where payload_type like '%%Resolved' and aggregate_identifier = '%s'"
          .formatted(incidentOf(crossed(0, 0.1)));

  private final String database =
      "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
          .formatted(UUID.randomUUID());

  /** Both deadlines of the incident, to escalate and to settle, fall due while no process runs. */
  @Test
  void resolvesAfterARestartWhatWasClearedBefore() {
    try (var before = start()) {
      before
          .getBean(CommandGateway.class)
          .sendAndWait(new AlertRuleCommand.Define(RULE_ID, rule()));
      found(before, crossed(0, 0.1));
      found(before, cleared(2));
      await().untilAsserted(() -> assertThat(count(before, DEADLINES)).isEqualTo(2));
    }
    try (var after = start()) {
      assertThat(count(after, RESOLVED)).isZero();
      after
          .getBean(JdbcTemplate.class)
          .update("update scheduled_tasks set execution_time = '2025-06-10 10:30:00'");
      await().untilAsserted(() -> assertThat(count(after, RESOLVED)).isOne());
    }
  }

  private ConfigurableApplicationContext start() {
    return CommandSideApplication.application()
        .run(
            "--server.port=0",
            "--spring.datasource.url=" + database,
            "--logfold.kafka.bootstrap-servers=127.0.0.1:1",
            "--logfold.log.manage=false",
            "--logfold.domain-events.manage=false",
            "--logfold.incidents.settle=1h");
  }

  private static void found(ConfigurableApplicationContext side, ThresholdEvent event) {
    ThresholdInbox inbox = side.getBean(ThresholdInbox.class);
    new TransactionTemplate(side.getBean(PlatformTransactionManager.class))
        .executeWithoutResult(status -> inbox.on(event, new GenericEventMessage<>(event)));
  }

  private static int count(ConfigurableApplicationContext side, String sql) {
    Integer count = side.getBean(JdbcTemplate.class).queryForObject(sql, Integer.class);
    return count == null ? 0 : count;
  }
}
