package io.logfold.query.judging;

import io.logfold.query.alertrules.ActiveRule;
import io.logfold.query.alertrules.AlertRuleTable;
import io.logfold.query.domainevents.DomainEventReplayTable;
import io.logfold.query.errorlog.ErrorLogTable;
import io.logfold.query.fold.FoldProgress;
import io.logfold.query.fold.Generations;
import io.logfold.query.routes.RouteTable;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires judging to its rules and to Kafka. */
@Configuration(proxyBeanMethods = false)
class JudgingConfiguration {

  @Bean
  Teller teller(
      @Value("${logfold.kafka.bootstrap-servers}") String servers,
      ThresholdProperties properties,
      @Qualifier("eventSerializer") Serializer serializer) {
    return new KafkaTeller(servers, properties, serializer);
  }

  @Bean
  Judging judging(
      JudgingTable table,
      AlertRuleTable rules,
      DomainEventReplayTable replay,
      RouteTable routes,
      ErrorLogTable errors,
      Generations generations,
      FoldProgress fold,
      Teller teller,
      @Qualifier("eventSerializer") Serializer serializer,
      TransactionTemplate transaction,
      JudgingMeters meters,
      JudgingProperties properties,
      Clock clock) {
    return new Judging(
        table,
        () -> activeRules(rules, replay),
        routes,
        errors,
        generations,
        fold,
        teller,
        serializer,
        transaction,
        meters,
        properties,
        clock);
  }

  /** Half of its events make another rule, or one that was retired since. */
  private static Optional<List<ActiveRule>> activeRules(
      AlertRuleTable rules, DomainEventReplayTable replay) {
    List<ActiveRule> active = rules.active();
    // Asked afterwards: a replay that begins now does not matter any more.
    return replay.isUnderWay() ? Optional.empty() : Optional.of(active);
  }
}
