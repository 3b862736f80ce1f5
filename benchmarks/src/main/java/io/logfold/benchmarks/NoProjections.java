package io.logfold.benchmarks;

import io.logfold.query.QuerySideApplication;
import io.logfold.query.fold.CarryOver;
import io.logfold.query.fold.GenerationDiff;
import io.logfold.query.fold.GenerationWriter;
import io.logfold.query.fold.LogProjection;
import io.logfold.query.fold.ReceivedLog;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * The query side as it is, except that its one projection does nothing: what reading, decoding and
 * dropping repeats cost alone.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
    excludeName = "org.axonframework.springboot.autoconfig.JpaAutoConfiguration")
@AutoConfigurationPackage(basePackages = "io.logfold.query")
@ConfigurationPropertiesScan("io.logfold.query")
@ComponentScan(
    basePackages = "io.logfold.query",
    excludeFilters =
        @Filter(
            type = FilterType.ASSIGNABLE_TYPE,
            classes = {LogProjection.class, QuerySideApplication.class}))
@EnableScheduling
public class NoProjections {

  /** Takes the arguments that the query side takes. */
  public static void main(String[] args) {
    System.setProperty("spring.config.name", "query-side");
    System.setProperty("axoniq.update-checker.disabled", "true");
    SpringApplication.run(NoProjections.class, args);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  LogProjection nothing() {
    return new Nothing();
  }

  private static final class Nothing implements LogProjection, GenerationWriter {

    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public String rule() {
      return "nothing";
    }

    @Override
    public GenerationWriter writer(int generation, String rule) {
      return this;
    }

    @Override
    public void fold(List<ReceivedLog> logs) {
      // That it costs nothing is the point.
    }

    @Override
    public void forget(int part) {
      // Nothing is kept in memory.
    }

    @Override
    public void carryOver(CarryOver lost, GenerationWriter writer) {
      // There are no rows.
    }

    @Override
    public GenerationDiff compare(int before, int after) {
      return new GenerationDiff(List.of(), List.of());
    }

    @Override
    public void clear(int generation) {
      // There are no rows.
    }
  }
}
