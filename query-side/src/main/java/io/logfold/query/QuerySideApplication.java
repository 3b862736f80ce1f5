package io.logfold.query;

import io.logfold.query.replay.ReplayCommand;
import java.time.Clock;
import java.util.List;
import org.axonframework.springboot.autoconfig.JpaAutoConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The read side: folds the event log into tables and answers questions from them. */
@SpringBootApplication(exclude = JpaAutoConfiguration.class) // no sagas, no event store here
@ConfigurationPropertiesScan
@EnableScheduling
public class QuerySideApplication {

  /**
   * Starts the read side alone, configured by {@code query-side.yml} and the environment. With
   * {@code replay} as the first argument it speaks to one that runs, see {@link ReplayCommand}.
   */
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("replay")) {
      System.exit(ReplayCommand.run(List.of(args).subList(1, args.length)));
    }
    System.setProperty("spring.config.name", "query-side");
    System.setProperty("axoniq.update-checker.disabled", "true");
    SpringApplication.run(QuerySideApplication.class, args);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
