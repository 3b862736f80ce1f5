package io.logfold.command.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** What the servlet container refuses by itself, such as a malformed request line, reads alike. */
@Component
class ContainerProblems implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addContextCustomizers(
        context ->
            ((StandardHost) context.getParent())
                .setErrorReportValveClass(ProblemReport.class.getName()));
  }

  /** Tomcat makes it by its name. */
  public static final class ProblemReport extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable throwable) {
      int status = response.getStatus();
      if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
        return;
      }
      write(response, status);
    }

    private static void write(Response response, int status) {
      try {
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(problem(status).getBytes(StandardCharsets.UTF_8));
        response.finishResponse();
      } catch (IOException e) {
        // The client went away before it heard the answer.
      }
    }

    private static String problem(int status) {
      String code = Problems.codeOf(status);
      return """
          {"type":"urn:logfold:%s","title":"%s","status":%d,\
          "detail":"The request could not be read as HTTP, or its URL holds characters that need escaping.",\
          "code":"%s"}"""
          .formatted(code, Problems.titleOf(status), status, code);
    }
  }
}
