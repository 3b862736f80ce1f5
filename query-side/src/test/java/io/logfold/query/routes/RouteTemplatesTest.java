package io.logfold.query.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logfold.query.Logs;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTemplatesTest {

  private static final Duration TWO_DAYS = Duration.ofDays(2);
  private static final Duration EVERY = Duration.ofSeconds(20);

  @Test
  void takesWhatTheSenderSaysBeforeTheRulesAndTheRulesBeforeItsOwnEyes() {
    RouteTemplates templates = templates("/users/{name}");
    assertThat(templates.of(Logs.routed("/users/:id", Logs.ok("/users/7"))))
        .isEqualTo("/users/:id");
    assertThat(templates.of(Logs.ok("/users/7"))).isEqualTo("/users/{name}");
    assertThat(templates.of(Logs.ok("/orders/7"))).isEqualTo("/orders/{id}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t \n"})
  void looksAtThePathWhenTheSenderSaysNothing(String route) {
    assertThat(templates().of(Logs.routed(route, Logs.ok("/users/7")))).isEqualTo("/users/{id}");
  }

  @Test
  void trimsAndShortensWhatTheSenderSays() {
    assertThat(templates().of(Logs.routed(" /a  ", Logs.ok("/")))).isEqualTo("/a");
    assertThat(templates().of(Logs.routed("/" + "a".repeat(300), Logs.ok("/"))))
        .isEqualTo("/" + "a".repeat(199));
    assertThat(templates().of(Logs.routed("a".repeat(199) + "\uD83D\uDE80", Logs.ok("/"))))
        .isEqualTo("a".repeat(199));
    assertThat(templates().of(Logs.routed("a".repeat(199) + " b", Logs.ok("/"))))
        .isEqualTo("a".repeat(199));
  }

  @ParameterizedTest
  @CsvSource({
    "/shop/{lang}/item/{sku}, /shop/en/item/blue-7, true",
    "/shop/{lang}/item/{sku}, /shop/en/item/, false",
    "/shop/{lang}/item/{sku}, /shop/en/item, false",
    "/shop/{lang}/item/{sku}, /shop/en/item/a/b, false",
    "/shop/{lang}/item/{sku}, /shop//item/a, false",
    "/shop/{lang}/item/{sku}, /Shop/en/item/a, false",
    "/shop/{lang}/item/{sku}, /shopping/en/item/a, false",
    "/static/**, /static/js/a.js, true",
    "/static/**, /static/, true",
    "/static/**, /static, true",
    "/static/**, /statics, false",
    "/t/{tenant}/**, /t/x, true",
    "/t/{tenant}/**, /t/, false",
    "/**, /anything/at/all, true",
    "/**, *, false",
    "/, /, true",
    "/, /a, false",
    "/a/, /a/, true",
    "/a/, /a, false",
  })
  void matchesSegmentBySegment(String pattern, String path, boolean matches) {
    assertThat(new RouteRule(pattern).matches(path)).isEqualTo(matches);
  }

  @Test
  void takesTheFirstRuleThatMatches() {
    RouteTemplates templates = templates("/a/b", "/a/{x}", "/a/**");
    assertThat(templates.of(Logs.ok("/a/b"))).isEqualTo("/a/b");
    assertThat(templates.of(Logs.ok("/a/c"))).isEqualTo("/a/{x}");
    assertThat(templates.of(Logs.ok("/a/c/d"))).isEqualTo("/a/**");
  }

  @ParameterizedTest
  @CsvSource({
    "shop, begins with a slash",
    "'', begins with a slash",
    "/a b, holds no blanks",
    "/a/*, 'expected text, a name in braces such as {id}, or a last **'",
    "/**/a, 'expected text, a name in braces such as {id}, or a last **'",
    "/report-{id}, 'expected text, a name in braces such as {id}, or a last **'",
    "/{}, 'expected text, a name in braces such as {id}, or a last **'",
    "/{a}{b}, 'expected text, a name in braces such as {id}, or a last **'",
    "/a**, 'expected text, a name in braces such as {id}, or a last **'",
  })
  void refusesWhatIsNoPattern(String pattern, String why) {
    assertThatThrownBy(() -> templates(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("logfold.routes.rules has '" + pattern + "': ")
        .hasMessageContaining(why);
  }

  @Test
  void refusesWhatIsTooMuchOrTooLittle() {
    assertThatThrownBy(() -> templates("/" + "a".repeat(200)))
        .hasMessageContaining("at most 200 characters");
    assertThatThrownBy(
            () -> new RouteProperties(Collections.nCopies(201, "/a"), 1, TWO_DAYS, EVERY))
        .hasMessageContaining("logfold.routes.rules has 201 patterns, at most 200 are allowed");
    assertThatThrownBy(() -> new RouteProperties(List.of(), 0, TWO_DAYS, EVERY))
        .hasMessageContaining("logfold.routes.max-per-source is 0, expected 1 to 10000");
    assertThatThrownBy(() -> new RouteProperties(List.of(), 1, Duration.ofHours(24), EVERY))
        .hasMessageContaining("logfold.routes.keep-minutes is PT24H, expected 25h or more");
  }

  @Test
  void areTheSameWhenTheirRuleIsReadBack() {
    String rule = new RoutingRule(7, List.of("/a/{x}", "/b/**")).toText();
    assertThat(rule).isEqualTo("7 a source\n/a/{x}\n/b/**");
    assertThat(RoutingRule.parse(rule)).isEqualTo(new RoutingRule(7, List.of("/a/{x}", "/b/**")));
    assertThat(RouteTemplates.of(rule).of(Logs.ok("/b/c/d"))).isEqualTo("/b/**");
  }

  private static RouteTemplates templates(String... rules) {
    return new RouteTemplates(List.of(rules));
  }
}
