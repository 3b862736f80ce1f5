package io.logfold.command.alertrules;

import static org.assertj.core.api.Assertions.assertThat;

import io.logfold.command.AggregatesOverHttp;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = "logfold.alert-rules.defaults=true")
class DefaultRulesTest extends AggregatesOverHttp {

  @Autowired DefaultRules defaults;

  @Test
  void keepToTheLimits() {
    DefaultRules.RULES.forEach(
        (id, rule) -> assertThat(RuleLimits.mistakesIn(id, rule)).as(id).isEmpty());
  }

  @Test
  void areDefinedOnceAndThenLeftAlone() {
    assertThat(events("slow-requests")).containsExactly("Defined");
    assertThat(send("DELETE", "/alert-rules/server-errors", "").statusCode()).isEqualTo(204);

    defaults.define();

    assertThat(events("server-errors")).containsExactly("Defined", "Retired");
    assertThat(events("slow-requests")).containsExactly("Defined");
  }
}
