package io.logfold.command;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The write side as a program; reads {@code command-side.yml}. */
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
@ConfigurationPropertiesScan
@EnableScheduling
public class CommandSideApplication {

  public static void main(String[] args) {
    application().run(args);
  }

  /**
   * The application, ready to run, with a configuration name of its own: in one process with the
   * read side two {@code application.yml} would hide each other.
   */
  public static SpringApplicationBuilder application() {
    System.setProperty("axoniq.update-checker.disabled", "true");
    return new SpringApplicationBuilder(CommandSideApplication.class)
        .properties("spring.config.name=command-side");
  }
}
