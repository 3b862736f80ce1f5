package io.logfold.command.telling;

import io.logfold.command.web.ServerAddress;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The way of an incident's events from the event store to hooks. */
@Configuration(proxyBeanMethods = false)
class TellingConfiguration {

  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);
  private static final Logger log = LoggerFactory.getLogger(TellingConfiguration.class);

  /**
   * One segment, so that the order of the store is the order of the rows. An event that cannot be
   * noted stops it until it can: none may be left out.
   */
  @Bean
  ConfigurerModule tellingProcessor(ObjectProvider<EmbeddedEventStore> eventStore) {
    return configurer ->
        configurer
            .eventProcessing()
            .registerPooledStreamingEventProcessor(
                Telling.PROCESSOR,
                axon -> eventStore.getObject(),
                (axon, builder) ->
                    builder.initialSegmentCount(1).initialToken(source -> source.createTailToken()))
            .registerListenerInvocationErrorHandler(
                Telling.PROCESSOR, axon -> PropagatingErrorHandler.instance());
  }

  @Bean
  TellingMeters tellingMeters(MeterRegistry meters, Deliveries deliveries) {
    return new TellingMeters(meters, deliveries);
  }

  /** Looks names up; checks what they mean when others can reach this server. */
  @Bean
  CheckedNames checkedNames(
      TellingProperties settings, @Value("${server.address:}") String address) {
    return checkedNames(settings, address, SystemDefaultDnsResolver.INSTANCE);
  }

  static CheckedNames checkedNames(TellingProperties settings, String address, DnsResolver names) {
    return new CheckedNames(
        names,
        settings.allowPrivate() || ServerAddress.isLoopback(address),
        settings.allow().stream().map(AddressBlock::valueOf).toList());
  }

  @Bean
  Post post(TellingProperties settings, CheckedNames names, Clock clock) {
    if (settings.secret().isEmpty()) {
      log.warn(
          "Webhooks are sent unsigned: set LOGFOLD_WEBHOOK_SECRET (logfold.telling.secret) so that"
              + " their receivers can tell that they are ours.");
    }
    return new Post(settings, names, Post.DIRECT, clock);
  }

  @Bean
  Courier courier(
      Deliveries deliveries,
      Post post,
      TellingMeters meters,
      TellingProperties settings,
      Clock clock) {
    Backoff backoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF, new Random());
    return new Courier(deliveries, post, backoff, meters, settings, clock);
  }
}
