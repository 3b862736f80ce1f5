package io.logfold.command.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logfold.command.start.StartRefused;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TokenFilterTest {

  private final TokenFilter filter = new TokenFilter("secret", "0.0.0.0");

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "", "192.0.2.1", "no.such.host.invalid"})
  void refusesToStartOpenToOthersWithoutAToken(String address) {
    assertThatThrownBy(() -> new TokenFilter("", address))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("LOGFOLD_TOKEN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "localhost"})
  void letsEverybodyOfThisMachineInWithoutAToken(String address) {
    assertThatCode(() -> new TokenFilter("", address)).doesNotThrowAnyException();
  }

  @Test
  void letsInWhoKnowsTheToken() throws Exception {
    assertThat(answer("POST", "/logs", "Bearer secret").getStatus()).isEqualTo(200);
    assertThat(answer("POST", "/logs", "bearer secret").getStatus()).isEqualTo(200);
    assertThat(answer("POST", "/logs", basic("anybody:secret")).getStatus()).isEqualTo(200);
    assertThat(answer("GET", "/actuator/health", null).getStatus()).isEqualTo(200);
  }

  @Test
  void keepsEverybodyElseOut() throws Exception {
    for (String header :
        new @Nullable String[] {
          null,
          "",
          "Bearer",
          "Bearer ",
          "Bearer wrong",
          "secret",
          basic("secret:"),
          basic("secret"),
          "Basic ***"
        }) {
      MockHttpServletResponse answer = answer("POST", "/logs", header);
      assertThat(answer.getStatus()).as(header).isEqualTo(401);
      assertThat(answer.getHeaders("WWW-Authenticate")).hasSize(2);
      assertThat(answer.getContentType()).isEqualTo("application/problem+json");
    }
    assertThat(answer("GET", "/actuator/prometheus", null).getStatus()).isEqualTo(401);
    assertThat(answer("GET", "/actuator/health/../info", null).getStatus()).isEqualTo(401);
  }

  private MockHttpServletResponse answer(String method, String path, @Nullable String header)
      throws ServletException, IOException {
    MockHttpServletRequest request = new MockHttpServletRequest(method, path);
    if (header != null) {
      request.addHeader("Authorization", header);
    }
    MockHttpServletResponse response = new MockHttpServletResponse();
    filter.doFilter(request, response, new MockFilterChain());
    return response;
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
