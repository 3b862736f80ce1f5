package io.logfold.query.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TokenFilterTest {

  private static final String TOKEN = "s3cret:token";

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "", "192.0.2.1", "no-such-host.invalid"})
  void refusesToListenWiderThanThisMachineWithoutAToken(String address) {
    for (String none : new String[] {"", "  "}) {
      assertThatThrownBy(() -> new TokenFilter(none, address))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("server.address is '" + address + "'")
          .hasMessageContaining("LOGFOLD_TOKEN");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", ""})
  void listensAnywhereWithAToken(String address) {
    assertThatCode(() -> new TokenFilter(TOKEN, address)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "localhost"})
  void letsEverybodyInOnThisMachineWithoutAToken(String address) throws Exception {
    assertThat(asked(new TokenFilter("", address), "/logs", null).getStatus()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER   "})
  void letsInWhoSendsTheTokenAsBearer(String scheme) throws Exception {
    assertThat(asked("/logs", scheme + TOKEN).getStatus()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "anybody", "a name"})
  void letsInWhoSendsTheTokenAsPasswordOfBasic(String name) throws Exception {
    assertThat(asked("/stats", basic(name + ":" + TOKEN)).getStatus()).isEqualTo(200);
    assertThat(asked("/stats", "basic" + basic(name + ":" + TOKEN).substring(5)).getStatus())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer s3cret",
        "Bearer S3CRET:TOKEN",
        "Basic",
        "Basic !!!",
        "Basic czNjcmV0",
        "Digest s3cret:token",
        "s3cret:token"
      })
  void keepsOutEverybodyElseWithAProblemAndBothChallenges(@Nullable String header)
      throws Exception {
    MockHttpServletResponse answer = asked("/logs", header);
    assertThat(answer.getStatus()).isEqualTo(401);
    assertThat(answer.getHeaders("WWW-Authenticate"))
        .containsExactly("Bearer realm=\"logfold\"", "Basic realm=\"logfold\"");
    assertThat(answer.getContentType()).startsWith("application/problem+json");
    assertThat(answer.getContentAsString())
        .contains("\"status\":401")
        .contains("Authorization: Bearer")
        .contains("password of Basic");
  }

  @Test
  void keepsOutWhoKnowsTheNameButNotThePassword() throws Exception {
    assertThat(asked("/logs", basic(TOKEN + ":wrong")).getStatus()).isEqualTo(401);
  }

  @Test
  void answersHealthToEverybody() throws Exception {
    assertThat(asked("/actuator/health", null).getStatus()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/logs",
        "/stats",
        "/actuator/metrics",
        "/actuator/prometheus",
        "/actuator/health/../metrics",
        "/actuator/health;/../../logs",
        "/logs;/actuator/health",
        "//actuator/health"
      })
  void answersNothingElseWithoutTheToken(String path) throws Exception {
    assertThat(asked(path, null).getStatus()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /dead-letters",
    "GET, /dead-letters/1",
    "POST, /dead-letters/1/retry",
    "POST, /dead-letters/1/discard"
  })
  void letsNobodySeeOrMoveADeadLetterWithoutTheToken(String method, String path) throws Exception {
    TokenFilter filter = new TokenFilter(TOKEN, "0.0.0.0");
    assertThat(asked(filter, method, path, null).getStatus()).isEqualTo(401);
    assertThat(asked(filter, method, path, "Bearer " + TOKEN).getStatus()).isEqualTo(200);
  }

  private static MockHttpServletResponse asked(String path, @Nullable String authorization)
      throws Exception {
    return asked(new TokenFilter(" " + TOKEN + " ", "0.0.0.0"), path, authorization);
  }

  private static MockHttpServletResponse asked(
      TokenFilter filter, String path, @Nullable String authorization) throws Exception {
    return asked(filter, "GET", path, authorization);
  }

  private static MockHttpServletResponse asked(
      TokenFilter filter, String method, String path, @Nullable String authorization)
      throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest(method, path);
    if (authorization != null) {
      request.addHeader("Authorization", authorization);
    }
    MockHttpServletResponse response = new MockHttpServletResponse();
    filter.doFilter(request, response, new MockFilterChain());
    return response;
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
