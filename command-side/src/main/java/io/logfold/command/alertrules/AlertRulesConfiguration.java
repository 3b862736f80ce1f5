package io.logfold.command.alertrules;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What alert rules need and cannot make themselves. */
@Configuration(proxyBeanMethods = false)
class AlertRulesConfiguration {

  /** Where ids of rules come from when nobody chooses one. */
  @Bean
  RandomGenerator ruleIds() {
    return new SecureRandom();
  }
}
