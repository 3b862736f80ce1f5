package io.logfold.benchmarks;

import io.logfold.query.QuerySideApplication;
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

/** The query side as it is but for the projection of routes and the judging of rules. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
    excludeName = "org.axonframework.springboot.autoconfig.JpaAutoConfiguration")
@AutoConfigurationPackage(basePackages = "io.logfold.query")
@ConfigurationPropertiesScan("io.logfold.query")
@ComponentScan(
    basePackages = "io.logfold.query",
    excludeFilters = {
      @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = QuerySideApplication.class),
      @Filter(
          type = FilterType.REGEX,
          pattern = "io\\.logfold\\.query\\.(routes\\.RouteProjection|judging\\..*)")
    })
@EnableScheduling
public class WithoutRoutes {

  /** Takes the arguments that the query side takes. */
  public static void main(String[] args) {
    System.setProperty("spring.config.name", "query-side");
    System.setProperty("axoniq.update-checker.disabled", "true");
    SpringApplication.run(WithoutRoutes.class, args);
  }

  @Bean
  java.time.Clock clock() {
    return java.time.Clock.systemUTC();
  }
}
