package io.logfold.query.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets in who knows the token: as {@code Bearer} token, or as password of {@code Basic} with any
 * name. Without a token only this machine can be listened on; a wider address refuses to start.
 * Health is answered to everybody, for load balancers.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class TokenFilter extends OncePerRequestFilter {

  private static final String OPEN = "/actuator/health";

  private final byte[] token;

  TokenFilter(
      @Value("${logfold.token:}") String token, @Value("${server.address:}") String address) {
    if (token.isBlank() && !isLoopback(address)) {
      throw new IllegalStateException(
          "server.address is '%s', which others can reach: set LOGFOLD_TOKEN, or listen on 127.0.0.1."
              .formatted(address));
    }
    this.token = token.strip().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return token.length == 0 || request.getRequestURI().equals(OPEN);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    byte[] sent = credential(request.getHeader(HttpHeaders.AUTHORIZATION));
    if (sent != null && MessageDigest.isEqual(sent, token)) {
      chain.doFilter(request, response);
      return;
    }
    response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"logfold\"");
    response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"logfold\"");
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response
        .getWriter()
        .write(
            "{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,\"detail\":"
                + "\"Send the token as 'Authorization: Bearer', or as password of Basic.\"}");
  }

  private static byte @Nullable [] credential(@Nullable String header) {
    if (header == null) {
      return null;
    }
    String scheme = header.toLowerCase(Locale.ROOT);
    if (scheme.startsWith("bearer ")) {
      return header.substring("bearer ".length()).strip().getBytes(StandardCharsets.UTF_8);
    }
    return scheme.startsWith("basic ") ? password(header.substring("basic ".length())) : null;
  }

  private static byte @Nullable [] password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? null : pair.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return !address.isBlank() && InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
