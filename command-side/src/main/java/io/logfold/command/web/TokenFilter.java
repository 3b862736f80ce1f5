package io.logfold.command.web;

import io.logfold.command.start.StartRefused;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Who may come in: with {@code logfold.token} set, whoever knows it, as Bearer or as the password
 * of Basic; without it everybody, so the server then listens on this machine only or not at all.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class TokenFilter extends OncePerRequestFilter {

  private static final String HEALTH = "/actuator/health";

  private final byte[] token;

  TokenFilter(
      @Value("${logfold.token:}") String token, @Value("${server.address:}") String address) {
    if (token.isEmpty() && !ServerAddress.isLoopback(address)) {
      throw new StartRefused(
          "server.address is '%s', which others can reach, and no token is set.".formatted(address),
          "Set LOGFOLD_TOKEN (logfold.token), or listen on 127.0.0.1.");
    }
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (token.length == 0 || isHealth(request) || knowsToken(request)) {
      chain.doFilter(request, response);
    } else {
      refuse(response);
    }
  }

  private static boolean isHealth(HttpServletRequest request) {
    return "GET".equals(request.getMethod()) && HEALTH.equals(request.getRequestURI());
  }

  private boolean knowsToken(HttpServletRequest request) {
    byte[] offered = credentials(request.getHeader(HttpHeaders.AUTHORIZATION));
    return offered != null && MessageDigest.isEqual(token, offered);
  }

  private static byte @Nullable [] credentials(@Nullable String header) {
    int space = header == null ? -1 : header.indexOf(' ');
    if (header == null || space < 0) {
      return null;
    }
    String value = header.substring(space + 1).trim();
    return switch (header.substring(0, space).toLowerCase(Locale.ROOT)) {
      case "bearer" -> value.getBytes(StandardCharsets.UTF_8);
      case "basic" -> passwordOf(value);
      default -> null;
    };
  }

  private static byte @Nullable [] passwordOf(String basic) {
    try {
      String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? null : pair.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static void refuse(HttpServletResponse response) throws IOException {
    response.setStatus(HttpStatus.UNAUTHORIZED.value());
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"logfold\"");
    response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"logfold\"");
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response
        .getOutputStream()
        .write(
            """
            {"type":"urn:logfold:unauthorized","title":"Unauthorized","status":401,\
            "detail":"Send the token as 'Authorization: Bearer TOKEN', or as the password of Basic.",\
            "code":"unauthorized"}"""
                .getBytes(StandardCharsets.UTF_8));
  }
}
