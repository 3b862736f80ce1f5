package io.logfold.command.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.ReceiveLogs;
import io.logfold.api.ingest.RejectedLine;
import io.logfold.command.CommandSideApplication;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.bean.override.convention.TestBean;

@SpringBootTest(
    classes = {CommandSideApplication.class, Counter.class},
    properties = {
      "spring.config.name=command-side",
      "spring.datasource.url=jdbc:h2:mem:${random.uuid};MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE",
      "logfold.log.manage=false"
    })
class EventStoreTest {

  @SuppressWarnings("NullAway.Init") // Spring sets it before any test
  @TestBean(name = "logProducer")
  Producer<String, byte[]> producer;

  @Autowired CommandGateway commands;
  @Autowired JdbcTemplate database;

  static Producer<String, byte[]> producer() {
    return new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  }

  @Test
  void storesTheEventsOfAggregatesAndReadsThemBack() {
    String id = UUID.randomUUID().toString();
    int sent = sent();
    commands.sendAndWait(new Counter.Start(id));
    commands.sendAndWait(new Counter.Count(id, false));
    int count = commands.sendAndWait(new Counter.Count(id, false));

    assertThat(count).isEqualTo(2);
    assertThat(stored(id)).isEqualTo(3);
    assertThat(sent()).isEqualTo(sent);
  }

  @Test
  void storesNothingOfACommandThatFails() {
    String id = UUID.randomUUID().toString();
    commands.sendAndWait(new Counter.Start(id));

    assertThatThrownBy(() -> commands.sendAndWait(new Counter.Count(id, true)))
        .hasMessageContaining("as asked");

    assertThat(stored(id)).isEqualTo(1);
  }

  @Test
  void handlesACommandOfAnAggregateInATransaction() {
    String id = UUID.randomUUID().toString();
    commands.sendAndWait(new Counter.Start(id));

    boolean inTransaction = commands.sendAndWait(new Counter.AskForTransaction(id));

    assertThat(inTransaction).isTrue();
  }

  @Test
  void storesNoAccessLog() {
    int before = storedInAll();
    AccessLog log =
        new AccessLog(
            Instant.EPOCH,
            "::1",
            "GET",
            "/",
            200,
            0,
            "s",
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    int sent = sent();

    commands.sendAndWait(
        new ReceiveLogs(
            "r/1",
            null,
            "s",
            List.of(new ReceiveLogs.Line(1, log)),
            List.of(new RejectedLine(2, "bad-line", "why", "what"))));

    assertThat(sent()).isEqualTo(sent + 2);
    assertThat(storedInAll()).isEqualTo(before);
  }

  private int sent() {
    return ((MockProducer<String, byte[]>) producer).history().size();
  }

  private int stored(String aggregate) {
    return count(
        "select count(*) from domain_event_entry where aggregate_identifier = ?", aggregate);
  }

  private int storedInAll() {
    return count("select count(*) from domain_event_entry");
  }

  private int count(String sql, Object... arguments) {
    Integer count = database.queryForObject(sql, Integer.class, arguments);
    return count == null ? 0 : count;
  }
}
